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
import { singleLookup } from './single-lookup.js';

/** Longer answers are cut off: the status is known, and nobody sends an encyclopaedia by mistake. */
const ANSWER_BYTES_MAX = 64 * 1024;
const CONNECT_TIMEOUT_MS = 5000;
/**
 * Neither a byte of the batch nor one of the answer: the other end hangs. A commit takes milliseconds. With
 * the longest backoff it must fit into 15 s, within which a collector that is well again has a new batch.
 */
export const QUIET_TIMEOUT_MS = 5000;
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

/** What node:http and node:https have in common. */
interface Client {
  readonly Agent: new (options: object) => HttpAgent;
  request(url: URL, options: RequestOptions): ClientRequest;
}

export async function httpPoster(url: URL, nowMs: () => number): Promise<HttpPoster> {
  const client: Client =
    url.protocol === 'https:' ? await import('node:https') : await import('node:http');
  const agent = new client.Agent({
    keepAlive: true,
    maxSockets: 1,
    timeout: KEEP_ALIVE_MS,
    lookup: singleLookup(),
  });

  let isClosed = false;

  const post: HttpPoster['post'] = async (body, headers, timeoutMs) => {
    const startMs = performance.now();
    const request = client.request(url, {
      method: 'POST',
      agent,
      headers: { ...headers, 'content-length': body.byteLength },
      maxHeaderSize: HEADER_BYTES_MAX,
    });
    const answer = answerOf(request, timeoutMs, nowMs);
    request.end(body);
    try {
      return await answer;
    } catch (error) {
      const isReset = (error as NodeJS.ErrnoException).code === 'ECONNRESET';
      const leftMs = timeoutMs - (performance.now() - startMs);
      if (!isReset || !request.reusedSocket || isClosed || leftMs <= 0) throw error;
      // The server had closed the kept connection and had not yet said so: nothing is wrong with it.
      return await post(body, headers, leftMs);
    }
  };
  return {
    post,
    async close() {
      isClosed = true;
      agent.destroy();
    },
  };
}

/** Reads status and headers, discards the body, and gives up at the deadline. */
function answerOf(request: ClientRequest, timeoutMs: number, nowMs: () => number): Promise<Answer> {
  const fail = (reason: string): void => {
    request.destroy(new Error(reason));
  };
  const timers = [
    // The quiet time starts anew with every byte; this one bounds the whole.
    setTimeout(() => fail(`no answer within ${timeoutMs} ms`), timeoutMs),
  ];
  const connectTimer = setTimeout(
    () => fail(`no connection within ${CONNECT_TIMEOUT_MS} ms`),
    CONNECT_TIMEOUT_MS,
  );
  timers.push(connectTimer);
  request.on('socket', (socket: Socket) => {
    if (socket.connecting) socket.once('connect', () => clearTimeout(connectTimer));
    else clearTimeout(connectTimer);
  });
  request.setTimeout(QUIET_TIMEOUT_MS, () => fail(`nothing moved for ${QUIET_TIMEOUT_MS} ms`));
  return new Promise((resolve, reject) => {
    request.on('error', reject);
    request.on('close', () => {
      for (const timer of timers) clearTimeout(timer);
      // All that the runtime says of an upgrade that nobody asked for.
      reject(new Error('closed without an answer'));
    });
    request.on('response', (response: IncomingMessage) => {
      const answer: Answer = {
        status: response.statusCode ?? 0,
        contentType: response.headers['content-type'] ?? '',
        retryAfterMs: parseRetryAfter(response.headers['retry-after'], theirNowMs(response, nowMs)),
        location: (response.headers.location ?? '').slice(0, 200),
      };
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes <= ANSWER_BYTES_MAX) return;
        resolve(answer);
        request.destroy();
      });
      response.on('end', () => resolve(answer));
      response.on('error', () => reject(new Error('the answer was cut off')));
    });
  });
}

/** By the clock of who answered, where it says what that shows: a date in a header is by the same. */
function theirNowMs({ headers }: IncomingMessage, nowMs: () => number): number {
  const dateMs = Date.parse(headers.date ?? '');
  return Number.isNaN(dateMs) ? nowMs() : dateMs;
}
