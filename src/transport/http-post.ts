/**
 * One POST at a time to one origin, over Node's own HTTP/1.1 client. Runs in the agent's worker.
 * Owns a connection, which is kept for the next batch and never keeps the process alive while idle.
 * Bounded: time by the caller's timeout, the answer's body by ANSWER_BYTES_MAX (it is not used).
 *
 * Not undici, which the worker of every process would pay for: 15 MB of RSS and 60 ms of CPU against
 * less than one and three (docs/internals/performance.md).
 */
import type { ClientRequest, Agent as HttpAgent, IncomingMessage, RequestOptions } from 'node:http';
import type { Socket } from 'node:net';
import type { Answer } from './classify-answer.js';
import { parseRetryAfter } from './retry-after.js';

/** Longer answers are cut off: the status is known, and nobody sends an encyclopaedia by mistake. */
const ANSWER_BYTES_MAX = 64 * 1024;
const CONNECT_TIMEOUT_MS = 5000;
const ANSWER_TIMEOUT_MS = 10_000;
const HEADER_BYTES_MAX = 16 * 1024;
/**
 * Above the flush interval (10 s), so that each batch finds the connection open; below what common
 * servers and balancers allow (60–75 s). A `Keep-Alive: timeout` of the server goes before it.
 */
const KEEP_ALIVE_MS = 30_000;

export interface HttpPoster {
  /** @throws {Error} when no answer came: refused, reset, too late. */
  post(body: Uint8Array, headers: Record<string, string>, timeoutMs: number): Promise<Answer>;
  close(): Promise<void>;
}

/** The server had closed the kept connection, and had not yet said so: nothing is wrong with it. */
class StaleConnection extends Error {
  override readonly name = 'StaleConnection';
}

/** What node:http and node:https have in common. */
interface Client {
  readonly Agent: new (options: object) => HttpAgent;
  request(url: URL, options: RequestOptions): ClientRequest;
}

export async function httpPoster(url: URL, nowMs: () => number): Promise<HttpPoster> {
  const client: Client =
    url.protocol === 'https:' ? await import('node:https') : await import('node:http');
  const agent = new client.Agent({ keepAlive: true, maxSockets: 1, timeout: KEEP_ALIVE_MS });

  const once = (body: Uint8Array, headers: Record<string, string>, timeoutMs: number) =>
    new Promise<Answer>((resolve, reject) => {
      const request = client.request(url, {
        method: 'POST',
        agent,
        headers: { ...headers, 'content-length': body.byteLength },
        maxHeaderSize: HEADER_BYTES_MAX,
      });
      answerOf(request, timeoutMs, nowMs, resolve, reject);
      request.end(body);
    });

  return {
    async post(body, headers, timeoutMs) {
      try {
        return await once(body, headers, timeoutMs);
      } catch (error) {
        if (!(error instanceof StaleConnection)) throw error;
        return await once(body, headers, timeoutMs);
      }
    },
    async close() {
      agent.destroy();
    },
  };
}

/** Reads status and headers, discards the body, and gives up at the deadline. */
function answerOf(
  request: ClientRequest,
  timeoutMs: number,
  nowMs: () => number,
  resolve: (answer: Answer) => void,
  reject: (error: Error) => void,
): void {
  const fail = (reason: string): void => {
    request.destroy(new Error(reason));
  };
  // Node's own timeouts start anew with every byte; this one bounds the whole.
  const deadline = setTimeout(() => fail(`no answer within ${timeoutMs} ms`), timeoutMs);
  let answerTimer: NodeJS.Timeout | undefined;
  const connectTimer = setTimeout(
    () => fail(`no connection within ${CONNECT_TIMEOUT_MS} ms`),
    CONNECT_TIMEOUT_MS,
  );
  request.on('socket', (socket: Socket) => {
    const onConnect = (): void => clearTimeout(connectTimer);
    if (socket.connecting) socket.once('connect', onConnect);
    else onConnect();
  });
  request.on('finish', () => {
    answerTimer = setTimeout(
      () => fail(`no answer within ${ANSWER_TIMEOUT_MS} ms`),
      ANSWER_TIMEOUT_MS,
    );
  });
  request.on('error', (error: NodeJS.ErrnoException) => {
    const isStale = request.reusedSocket && error.code === 'ECONNRESET';
    reject(isStale ? new StaleConnection(error.message) : error);
  });
  request.on('close', () => {
    for (const timer of [deadline, answerTimer, connectTimer]) clearTimeout(timer);
  });
  request.on('response', (response: IncomingMessage) => {
    const { headers, statusCode = 0 } = response;
    const answer: Answer = {
      status: statusCode,
      contentType: headers['content-type'] ?? '',
      retryAfterMs: parseRetryAfter(headers['retry-after'] ?? '', nowMs()),
      location: (headers.location ?? '').slice(0, 200),
    };
    let bytes = 0;
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= ANSWER_BYTES_MAX) return;
      resolve(answer);
      request.destroy();
    });
    response.on('end', () => resolve(answer));
    response.on('error', reject);
    response.on('close', () => {
      if (!response.complete) reject(new Error('the answer was cut off'));
    });
  });
}
