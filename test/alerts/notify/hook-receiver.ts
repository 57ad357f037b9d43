/** A hook's other end: a real HTTP server that records what comes, and answers as it is told to. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export type Answer = (response: ServerResponse, count: number) => void;

export interface HookReceiver {
  readonly url: URL;
  readonly received: Received[];
  /** Of the posts that come next; the number is theirs, from 1. */
  answer: Answer;
  close(): Promise<void>;
}

export const ok: Answer = (response) => void response.end('ok');

export const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (response) => {
    response.writeHead(code, headers);
    response.end('no');
  };

/** The connection is cut without an answer. */
export const drop: Answer = (response) => void response.destroy();
/** Nothing is ever answered. */
export const hang: Answer = () => {};

export async function hookReceiver(): Promise<HookReceiver> {
  const received: Received[] = [];
  const receiver = { received, answer: ok };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk);
    } catch {
      return;
    }
    const { url: path = '', headers } = request;
    received.push({ path, headers, body: Buffer.concat(chunks).toString() });
    receiver.answer(response, received.length);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(receiver, {
    url: new URL(`http://127.0.0.1:${port}/services/T00/B00/secret-part`),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}
