/**
 * One request of `tachograph doctor`, by the way that the agent's batches take: its proxy, its
 * authorities, its look-up of names. Bounded: TIMEOUT_MS, and ANSWER_BYTES_MAX of what is answered.
 */
import type { ClientRequest, IncomingMessage } from 'node:http';
import { isIP, type Socket } from 'node:net';
import { type HttpConnection, httpConnection } from '../../transport/http-connection.js';
import type { Network } from '../../transport/network.js';

const TIMEOUT_MS = 5000;
/** The ledger of 1,000 processes takes about 400 KB. */
const ANSWER_BYTES_MAX = 4 * 1024 * 1024;

export interface Question {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

/** What a request waits for, and what it means when that does not come. */
const STAGES = {
  name: 'the name server gives no answer',
  connection: 'no connection is made',
  encryption: 'no encryption is agreed on',
  answer: 'no answer comes',
} as const;
export type Stage = keyof typeof STAGES;

export interface Failure {
  readonly kind: 'failure';
  readonly stage: Stage;
  readonly error: NodeJS.ErrnoException;
}

export interface Reply {
  readonly kind: 'reply';
  readonly status: number;
  readonly contentType: string;
  readonly location: string;
  /** What the Date header says, Unix ms; undefined without one. */
  readonly dateMs: number | undefined;
  readonly text: string;
  /** By this machine's clock, Unix ms. */
  readonly askedMs: number;
  readonly answeredMs: number;
}

/** Never rejects. */
export type Ask = (question: Question) => Promise<Reply | Failure>;

export function createAsk(network: Network, nowMs: () => number): Ask {
  return async (question) => {
    let connection: HttpConnection | undefined;
    const progress = { stage: firstStage(question.url) };
    try {
      const { url, method, headers, body = new Uint8Array() } = question;
      connection = await httpConnection(url, network, method);
      const length = method === 'POST' ? { 'content-length': body.byteLength } : {};
      const request = connection.request({ ...headers, ...length });
      follow(request, url, progress);
      const reply = replyTo(request, nowMs, () => progress.stage);
      request.end(body);
      return await reply;
    } catch (error) {
      return { kind: 'failure', stage: progress.stage, error: error as NodeJS.ErrnoException };
    } finally {
      connection?.close();
    }
  };
}

function firstStage(url: URL): Stage {
  return isIP(url.hostname.replace(/^\[(.*)\]$/, '$1')) === 0 ? 'name' : 'connection';
}

function follow(request: ClientRequest, url: URL, progress: { stage: Stage }): void {
  request.on('socket', (socket: Socket) => {
    socket.once('lookup', (error: Error | null) => {
      if (error === null) progress.stage = 'connection';
    });
    socket.once('connect', () => {
      progress.stage = url.protocol === 'https:' ? 'encryption' : 'answer';
    });
    socket.once('secureConnect', () => {
      progress.stage = 'answer';
    });
  });
}

function replyTo(
  request: ClientRequest,
  nowMs: () => number,
  stageNow: () => Stage,
): Promise<Reply> {
  const askedMs = nowMs();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      const late = new Error(`${STAGES[stageNow()]} within ${TIMEOUT_MS / 1000} s`);
      reject(late);
      request.destroy(late);
    }, TIMEOUT_MS);
    request.on('error', reject);
    request.on('close', () => {
      clearTimeout(timer);
      // All that the runtime says of an upgrade that nobody asked for.
      reject(new Error('closed without an answer'));
    });
    request.on('response', (response: IncomingMessage) => {
      const answeredMs = nowMs();
      const chunks: Buffer[] = [];
      let bytes = 0;
      const finish = (): void =>
        resolve({ ...headOf(response), text: textOf(chunks), askedMs, answeredMs });
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes <= ANSWER_BYTES_MAX) {
          chunks.push(chunk);
          return;
        }
        finish();
        request.destroy();
      });
      response.on('end', finish);
      response.on('error', () => reject(new Error('the answer was cut off')));
    });
  });
}

function headOf({ statusCode = 0, headers }: IncomingMessage) {
  const dateMs = Date.parse(headers.date ?? '');
  return {
    kind: 'reply' as const,
    status: statusCode,
    contentType: headers['content-type'] ?? '',
    location: headers.location ?? '',
    dateMs: Number.isNaN(dateMs) ? undefined : dateMs,
  };
}

function textOf(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString('utf8');
}
