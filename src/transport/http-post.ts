/**
 * One POST at a time to one origin, over undici's HTTP/1.1 client. Runs in the agent's worker.
 * Owns a connection, which is kept for the next batch and never keeps the process alive while idle.
 * Bounded: time by the caller's timeout, the answer's body by ANSWER_BYTES_MAX (it is not used).
 */
import type { Dispatcher } from 'undici';
import Client from 'undici/lib/dispatcher/client.js';
import type { Answer } from './classify-answer.js';
import { parseRetryAfter } from './retry-after.js';

/** Longer answers are cut off: the status is known, and nobody sends an encyclopaedia by mistake. */
const ANSWER_BYTES_MAX = 64 * 1024;
const CONNECT_TIMEOUT_MS = 5000;
const ANSWER_TIMEOUT_MS = 10_000;
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

export function httpPoster(url: URL, nowMs: () => number): HttpPoster {
  const client = new Client(url.origin, {
    connectTimeout: CONNECT_TIMEOUT_MS,
    headersTimeout: ANSWER_TIMEOUT_MS,
    bodyTimeout: ANSWER_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
    maxHeaderSize: 16 * 1024,
  });
  const path = url.pathname + url.search;

  return {
    post: (body, headers, timeoutMs) =>
      new Promise((resolve, reject) => {
        const request = { path, method: 'POST' as const, headers, body };
        client.dispatch(request, answerHandler(timeoutMs, nowMs, resolve, reject));
      }),
    close: () => client.destroy(),
  };
}

/** Reads status and headers, discards the body, and gives up at the deadline. */
function answerHandler(
  timeoutMs: number,
  nowMs: () => number,
  resolve: (answer: Answer) => void,
  reject: (error: Error) => void,
): Dispatcher.DispatchHandler {
  let controller: Dispatcher.DispatchController | undefined;
  let answer: Answer | undefined;
  let bytes = 0;
  let late: Error | undefined;
  // undici's own timeouts start anew with every byte; this one bounds the whole.
  const timer = setTimeout(() => {
    late = new Error(`no answer within ${timeoutMs} ms`);
    reject(late);
    controller?.abort(late);
  }, timeoutMs).unref();

  return {
    onRequestStart(started) {
      controller = started;
      // The connection came too late: the batch is on its way to the spool by now.
      if (late !== undefined) started.abort(late);
    },
    onResponseStart(_controller, status, headers) {
      answer = {
        status,
        contentType: first(headers['content-type']),
        retryAfterMs: parseRetryAfter(first(headers['retry-after']), nowMs()),
        location: first(headers.location).slice(0, 200),
      };
    },
    onResponseData(_controller, chunk) {
      bytes += chunk.length;
      if (bytes <= ANSWER_BYTES_MAX || answer === undefined) return;
      clearTimeout(timer);
      resolve(answer);
      controller?.abort(new Error('the answer is too long'));
    },
    onResponseEnd() {
      clearTimeout(timer);
      if (answer !== undefined) resolve(answer);
      else reject(new Error('an answer without a status'));
    },
    onResponseError(_controller, error) {
      clearTimeout(timer);
      reject(error);
    },
  };
}

function first(header: string | string[] | undefined): string {
  return (Array.isArray(header) ? header[0] : header) ?? '';
}
