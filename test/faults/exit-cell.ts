/**
 * One cell of the exit matrix: an application that ends so, while the agent's worker and the collector are in
 * this state. Bounded: a process that does not end is killed after END_MS_MAX.
 */
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Producer, type ProducerEnd, type ProducerOptions } from '../support/oracle/producer.js';
import { FIXTURES } from '../support/run-app.js';
import { differences } from './behaviour.js';

export const ENDS = [
  'natural',
  'exit',
  'throw',
  'reject',
  'SIGTERM',
  'own-handler',
  'SIGINT',
  'abort',
] as const;
/** `stuck`: in a loop without an end, so that nobody answers the flush. `dead`: its successor is not up. */
export const WORKERS = ['starting', 'busy', 'stuck', 'dead'] as const;
export const COLLECTORS = ['up', 'down', 'hung', 'slow'] as const;

export type EndKind = (typeof ENDS)[number];
export type WorkerState = (typeof WORKERS)[number];
export type CollectorState = (typeof COLLECTORS)[number];

export interface Cell {
  readonly end: EndKind;
  readonly worker: WorkerState;
  readonly collector: CollectorState;
}

/** What became of the application, and how long that took once it was to end. */
export interface Ending {
  readonly end: ProducerEnd;
  readonly tookMs: number;
}

const SIGNALS: Partial<Record<EndKind, NodeJS.Signals>> = {
  SIGTERM: 'SIGTERM',
  'own-handler': 'SIGTERM',
  SIGINT: 'SIGINT',
};
/** Several windows: batches that are delivered, under way and open. */
const BEATS_ORDERLY = 45;
/** More than what a kill may take along. */
const BEATS_CUT_OFF = 90;
const END_MS_MAX = 30_000;
/** For a machine that is busy with other tests: what is asked is that the wait ends by itself. */
const MARGIN_MS = 5000;

/** @param options of the producer but for the application, whose end is to be judged */
export function startCell(
  { end, worker }: Pick<Cell, 'end' | 'worker'>,
  options: ProducerOptions,
): Producer {
  return new Producer({
    ...options,
    app: ['oracle-ends.mjs', end, worker],
    flags: ['--import', join(FIXTURES, 'catch-worker.mjs')],
    end: isOrderly(end, worker) ? 'orderly' : 'killed',
  });
}

/** Lets it record for long enough, and ends it. */
export async function endCell(
  { end, worker }: Pick<Cell, 'end' | 'worker'>,
  producer: Producer,
  isBare = false,
): Promise<Ending> {
  if (worker !== 'starting' && !isBare) {
    await producer.recording();
    await producer.beats(isOrderly(end, worker) ? BEATS_ORDERLY : BEATS_CUT_OFF);
  }
  let exitedMs = 0;
  producer.child.once('exit', () => {
    exitedMs = performance.now();
  });
  const watchdog = setTimeout(() => producer.child.kill('SIGKILL'), END_MS_MAX);
  const ended = producer.finish();
  await producer.heard('SET\n');
  const setMs = performance.now();
  const signal = SIGNALS[end];
  if (signal !== undefined) producer.child.kill(signal);
  const outcome = await ended;
  clearTimeout(watchdog);
  return { end: outcome, tookMs: Math.max(0, exitedMs - setMs) };
}

/**
 * What the agent made of the end that it would not have been without.
 * @param exitTimeoutMs what the agent was allowed to wait
 */
export function complaintsOfEnding(ending: Ending, bare: Ending, exitTimeoutMs: number): string[] {
  const addedMs = ending.tookMs - bare.tookMs;
  const isLate = addedMs > exitTimeoutMs + MARGIN_MS;
  const late = isLate ? [`it ended ${Math.round(addedMs)} ms later`] : [];
  return [...differences(ending.end, bare.end), ...late];
}

/**
 * Whether nothing may be lost. An abort is like a kill; so is, for the records, an end without a worker, of
 * which P5 has what was saved. What a worker that is not up yet would have recorded is not promised at all:
 * such a life is too short to owe anything.
 */
function isOrderly(end: EndKind, worker: WorkerState): boolean {
  return worker === 'busy' && end !== 'abort';
}
