/**
 * Questions to the collector's API with one cache for all pages. An answer stays shown while it is asked
 * for again. Owns ANSWERS_MAX answers at most: those on the screen, and the last ones that were.
 */
import { type Signal, signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Query } from '../state/range.js';
import type { Answer } from './answer-state.js';

interface Entry {
  readonly url: string;
  readonly answer: Signal<Answer<unknown>>;
  /** Parts of the page that show it. */
  holders: number;
  askedMs: number;
  /** How long the last answer took. */
  tookMs: number;
  isAsking: boolean;
}

const ANSWERS_MAX = 120;
/** Young enough to be shown without being asked for. */
const FRESH_MS = 5000;
/** What took long is asked for less often: this page keeps the collector busy for a twentieth of the time at most. */
const REST_FACTOR = 20;
const LOADING: Answer<never> = { state: 'loading', data: undefined };

const entries = new Map<string, Entry>();

/** Set when the collector wants to know who is asking. */
export const needsLogin: Signal<boolean> = signal(false);

/** The answer to a question, as long as the caller is on the screen; `undefined` asks nothing. */
export function useAnswer<Data>(path: string | undefined, query: Query = {}): Answer<Data> {
  const url = path === undefined ? undefined : urlOf(path, query);
  const entry = url === undefined ? undefined : entryOf(url);
  const isNew = entry?.askedMs === 0;
  // Not only when it is on the screen: what is shown first is asked first.
  if (isNew) void ask(entry);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is held once, as it was then.
  useEffect(() => (url === undefined ? undefined : hold(url, isNew)), [url]);
  return (entry?.answer.value ?? LOADING) as Answer<Data>;
}

/** Asks everything again that is on the screen. */
export function refreshAll(): void {
  for (const entry of entries.values()) if (entry.holders > 0) void ask(entry);
}

/** Asks again what is on the screen, has rested, and may be another answer by now. */
export function refreshDue(): void {
  const nowMs = performance.now();
  for (const entry of entries.values()) {
    const { holders, askedMs, tookMs } = entry;
    const hasRested = nowMs - askedMs >= REST_FACTOR * tookMs;
    const mayDiffer = !isOfFixedTime(entry) || hasFailed(entry);
    if (holders > 0 && hasRested && mayDiffer) void ask(entry);
  }
}

/** An end that was chosen is Unix ms in the URL; others are relative to now. */
function isOfFixedTime({ url }: Entry): boolean {
  return /[?&]to=\d/.test(url);
}

function hasFailed({ answer }: Entry): boolean {
  return answer.peek().state === 'failed';
}

export interface Refusal {
  readonly status: number;
  readonly message: string;
}

/** Changes something, and asks everything again. Undefined when it was done. */
export async function send(
  method: 'POST' | 'DELETE',
  path: string,
  body: Readonly<Record<string, unknown>> = {},
): Promise<Refusal | undefined> {
  try {
    const response = await fetch(path, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) {
      return { status: response.status, message: await messageOf(response) };
    }
    refreshAll();
    return undefined;
  } catch {
    return { status: 0, message: UNREACHABLE };
  }
}

export function urlOf(path: string, query: Query): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    const values = typeof value === 'string' ? [value] : (value ?? []);
    for (const one of values) if (one !== '') params.append(name, one);
  }
  const text = params.toString();
  return text === '' ? path : `${path}?${text}`;
}

const UNREACHABLE = 'The collector does not answer.';

function entryOf(url: string): Entry {
  let entry = entries.get(url);
  if (entry === undefined) {
    entry = { url, answer: signal(LOADING), holders: 0, askedMs: 0, tookMs: 0, isAsking: false };
    entries.set(url, entry);
    forgetOldest();
  }
  return entry;
}

/** @param isAsked just now, so that whatever came of it is shown */
function hold(url: string, isAsked: boolean): () => void {
  const entry = entryOf(url);
  entry.holders += 1;
  // The youngest are at the end.
  entries.delete(url);
  entries.set(url, entry);
  const isFresh = performance.now() - entry.askedMs <= FRESH_MS;
  if (!isAsked && (!isFresh || hasFailed(entry))) void ask(entry);
  return () => {
    entry.holders -= 1;
    forgetOldest();
  };
}

function forgetOldest(): void {
  for (const [url, { holders }] of entries) {
    if (entries.size <= ANSWERS_MAX) return;
    if (holders === 0) entries.delete(url);
  }
}

async function ask(entry: Entry): Promise<void> {
  if (entry.isAsking) return;
  entry.isAsking = true;
  entry.askedMs = performance.now();
  try {
    entry.answer.value = await answerOf(entry);
  } finally {
    entry.isAsking = false;
    entry.tookMs = performance.now() - entry.askedMs;
  }
}

async function answerOf({ url, answer }: Entry): Promise<Answer<unknown>> {
  const { data } = answer.peek();
  try {
    const response = await fetch(url, { headers: { accept: 'application/json' } });
    if (response.ok) return { state: 'ok', data: await response.json() };
    const message = await messageOf(response);
    if (response.status === 401 || response.status === 403) needsLogin.value = true;
    if (response.status === 404) return { state: 'missing', data: undefined, message };
    return { state: 'failed', data, message };
  } catch {
    return { state: 'failed', data, message: UNREACHABLE };
  }
}

async function messageOf(response: Response): Promise<string> {
  const body: unknown = await response.json().catch(() => undefined);
  const { message } = ((body ?? {}) as { error?: { message?: unknown } }).error ?? {};
  return typeof message === 'string' ? message : `The collector answered ${response.status}.`;
}
