/** The collector's API for commands: one request, its JSON, and errors a person can act on. */

import { UsageError } from './exit-codes.js';
import { readToken } from './read-token.js';

const TIMEOUT_MS = 10_000;
const READ_TOKEN = 'TACHOGRAPH_COLLECTOR_READ_TOKEN';
export const URL_DEFAULT = 'http://127.0.0.1:4600';

/**
 * The collector that a command asks: the option's, else the environment's.
 * @throws {UsageError}
 */
export function collectorUrl(option: string | undefined, env: NodeJS.ProcessEnv): string {
  const text = option ?? (env.TACHOGRAPH_COLLECTOR_URL || URL_DEFAULT);
  if (/^https?:\/\//.test(text) && URL.canParse(text)) return new URL(text).origin;
  throw new UsageError(`expected --url like ${URL_DEFAULT}, got ${JSON.stringify(text)}.`);
}

/** The collector cannot be asked, or refuses; the message says what to do. */
export class CollectorError extends Error {
  override readonly name = 'CollectorError';
  readonly status: number | undefined;

  constructor(message: string, status?: number, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/** Whether `error` says that no collector could be asked, rather than that one refused. */
export function isUnanswered(error: unknown): error is CollectorError {
  return error instanceof CollectorError && error.status === undefined;
}

export type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Gets a path of the API. Undefined where it says 404: there is no such data. */
export type CollectorClient = <Answer>(path: string, query?: Query) => Promise<Answer | undefined>;

/** A client of the collector at `url` with the token for reading of the environment. */
export function createReadingClient(
  url: string,
  env: NodeJS.ProcessEnv,
  timeoutMs: number = TIMEOUT_MS,
): CollectorClient {
  const token = readToken(undefined, READ_TOKEN, env);
  return createCollectorClient(url, token, timeoutMs);
}

/** Changes something of a collector, with the same token, which must be an administrator's. Undefined: 404. */
export async function changeCollector<Answer>(
  url: string,
  env: NodeJS.ProcessEnv,
  method: 'POST' | 'DELETE',
  path: string,
  body?: object,
): Promise<Answer | undefined> {
  const token = readToken(undefined, READ_TOKEN, env);
  const base = new URL(url);
  return await answerOf<Answer>(base, new URL(path, base), {
    method,
    headers: { ...authorization(token), 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
}

/** @param timeoutMs how long an answer is waited for */
export function createCollectorClient(
  url: string,
  token: string | undefined,
  timeoutMs: number = TIMEOUT_MS,
): CollectorClient {
  const base = new URL(url);
  const headers = authorization(token);
  return async <Answer>(path: string, query: Query = {}) =>
    await answerOf<Answer>(base, targetOf(base, path, query), {
      headers,
      signal: AbortSignal.timeout(timeoutMs),
    });
}

/**
 * Asks for an answer that goes on until `signal` ends it; whoever asks reads its body. `lastEventId`: of a stream that
 * is taken up again.
 */
export type StreamOpener = (
  query: Query,
  signal: AbortSignal,
  lastEventId: string | undefined,
) => Promise<Response | undefined>;

export function createStreamOpener(
  url: string,
  env: NodeJS.ProcessEnv,
  path: string,
): StreamOpener {
  const base = new URL(url);
  const headers = authorization(readToken(undefined, READ_TOKEN, env));
  return (query, signal, lastEventId) =>
    responseOf(base, targetOf(base, path, query), {
      headers: lastEventId === undefined ? headers : { ...headers, 'last-event-id': lastEventId },
      signal,
    });
}

function targetOf(base: URL, path: string, query: Query): URL {
  const target = new URL(path, base);
  for (const [name, value] of Object.entries(query)) {
    for (const one of value === undefined ? [] : [value].flat()) {
      target.searchParams.append(name, one);
    }
  }
  return target;
}

function authorization(token: string | undefined): Record<string, string> {
  return token ? { authorization: `Bearer ${token}` } : {};
}

async function answerOf<Answer>(
  base: URL,
  target: URL,
  init: RequestInit,
): Promise<Answer | undefined> {
  const response = await responseOf(base, target, init);
  return response && (await contentOf<Answer>(response, base));
}

/** Undefined: 404. */
async function responseOf(
  base: URL,
  target: URL,
  init: RequestInit,
): Promise<Response | undefined> {
  let response: Response;
  try {
    response = await fetch(target, init);
    // A collector that was held up (a suspended machine) takes what came meanwhile for late: RFC 9110, 15.5.9.
    if (response.status === 408) response = await fetch(target, init);
  } catch (error) {
    const message = isTimeout(error)
      ? tooLate(base)
      : `no collector answers at ${base.origin}. Start one: tachograph collector`;
    throw new CollectorError(message, undefined, { cause: error });
  }
  if (response.ok) return response;
  // One that breaks off has its status all the same.
  const body = await response.text().catch(() => '');
  if (response.status === 404) return undefined;
  const message = messageOf(body, response.status);
  // What is asked wrongly is so on the command line, as far as that did not tell itself.
  if (response.status === 400) throw new UsageError(message);
  throw new CollectorError(message, response.status);
}

async function contentOf<Answer>(response: Response, base: URL): Promise<Answer> {
  try {
    return (await response.json()) as Answer;
  } catch (error) {
    const message = isTimeout(error)
      ? tooLate(base)
      : `expected a collector at ${base.origin}, got an answer of another program`;
    throw new CollectorError(message, response.status, { cause: error });
  }
}

function isTimeout(error: unknown): boolean {
  return (error as Error).name === 'TimeoutError';
}

function tooLate(base: URL): string {
  return `the collector at ${base.origin} takes too long to answer. Try again, or ask for less`;
}

function messageOf(body: string, status: number): string {
  try {
    const { error } = JSON.parse(body) as { error: { message: string } };
    return `the collector answered ${status}: ${error.message}`;
  } catch {
    return `the collector answered ${status}`;
  }
}
