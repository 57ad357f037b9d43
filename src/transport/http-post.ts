/**
 * One POST at a time to one origin, over Node's own HTTP/1.1 client. Runs in the agent's worker.
 * Owns a connection (`http-connection.ts`).
 * Bounded: time by the caller's timeout, the answer's body by ANSWER_BYTES_MAX (it is not used).
 *
 * Not undici, which the worker of every process would pay for: 15 MB of RSS and 60 ms of CPU against
 * less than one and three (docs/internals/performance.md).
 */
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { processNowMs } from '../shared/process-clock.js';
import type { Answer } from './classify-answer.js';
import { type HttpConnection, httpConnection } from './http-connection.js';
import { type Network, networkOf } from './network.js';
import { parseRetryAfter } from './retry-after.js';

/** Longer answers are cut off: the status is known, and nobody sends an encyclopaedia by mistake. */
const ANSWER_BYTES_MAX = 64 * 1024;
const CONNECT_TIMEOUT_MS = 5000;
/**
 * Neither a byte of the batch nor one of the answer: the other end hangs. A commit takes milliseconds. With
 * the longest backoff it must fit into 15 s, within which a collector that is well again has a new batch.
 */
export const QUIET_TIMEOUT_MS = 5000;

export interface HttpPoster {
  /** @throws {Error} when no answer came: refused, reset, too late. */
  post(body: Uint8Array, headers: Record<string, string>, timeoutMs: number): Promise<Answer>;
  /** A post under way fails, and the next has a connection of its own. */
  hangUp(): void;
  close(): Promise<void>;
}

/** @param quietMs how long nothing may move */
export async function httpPoster(
  url: URL,
  nowMs: () => number,
  network: Network = networkOf(),
  quietMs: number = QUIET_TIMEOUT_MS,
): Promise<HttpPoster> {
  let connection: HttpConnection | undefined;
  let isClosed = false;

  const post: HttpPoster['post'] = async (body, headers, timeoutMs) => {
    const startMs = processNowMs();
    // Made by the first post: what is wrong with it is the failure of a post.
    connection ??= await httpConnection(url, network);
    // Here, for `close` may have come meanwhile, and found no connection to close.
    if (isClosed) {
      connection.close();
      throw new Error('closed before it was sent');
    }
    const request = connection.request({ ...headers, 'content-length': body.byteLength });
    const answer = answerOf(request, { timeoutMs, quietMs }, nowMs);
    request.end(body);
    try {
      return await answer;
    } catch (error) {
      const isReset = (error as NodeJS.ErrnoException).code === 'ECONNRESET';
      const leftMs = timeoutMs - (processNowMs() - startMs);
      const isGivenUp = isClosed || connection === undefined;
      if (!isReset || !request.reusedSocket || isGivenUp || leftMs <= 0) throw error;
      // The server had closed the kept connection and had not yet said so: nothing is wrong with it.
      return await post(body, headers, leftMs);
    }
  };
  return {
    post,
    hangUp() {
      connection?.close();
      connection = undefined;
    },
    async close() {
      isClosed = true;
      connection?.close();
    },
  };
}

interface Bounds {
  readonly timeoutMs: number;
  readonly quietMs: number;
}

/** Reads status and headers, discards the body, and gives up at the deadline. */
function answerOf(request: ClientRequest, bounds: Bounds, nowMs: () => number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const timers = watch(request, bounds, (error) => {
      // Not by its `error` alone: that comes with a socket, for which a tunnel may be waiting.
      reject(error);
      request.destroy(error);
    });
    request.on('error', (error) => {
      for (const timer of timers) clearTimeout(timer);
      reject(error);
    });
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

/** The timers of a request: for all of it, for its connection, and for every step of it. */
function watch(
  request: ClientRequest,
  { timeoutMs, quietMs }: Bounds,
  fail: (error: Error) => void,
): NodeJS.Timeout[] {
  const start = (what: string, ms: number): NodeJS.Timeout =>
    setTimeout(() => fail(new Error(`no ${what} within ${ms} ms`)), ms);
  // The quiet time starts anew with every byte; this one bounds the whole.
  const whole = start('answer', timeoutMs);
  const connecting = start('connection', CONNECT_TIMEOUT_MS);
  request.on('socket', (socket: Socket) => {
    if (socket.connecting) socket.once('connect', () => clearTimeout(connecting));
    else clearTimeout(connecting);
  });
  request.setTimeout(quietMs, () => fail(new Error(`nothing moved for ${quietMs} ms`)));
  return [whole, connecting];
}

/** By the clock of who answered, where it says what that shows: a date in a header is by the same. */
function theirNowMs({ headers }: IncomingMessage, nowMs: () => number): number {
  const dateMs = Date.parse(headers.date ?? '');
  return Number.isNaN(dateMs) ? nowMs() : dateMs;
}
