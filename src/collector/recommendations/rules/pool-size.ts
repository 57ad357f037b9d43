/** Rule: pools of connections that are too small for what waits for them, or far too large. */
import type { PoolRow } from '../evidence/evidence.js';
import type { Draft } from '../recommendation.js';
import { count, inADay, items, percent, time } from '../words.js';
import { advice, CALLS_MIN, type Rule } from './rule.js';

/** Waiting that long for a connection is no hand-over. */
const WAIT_SECONDS_MIN = 0.005;
const FULL = 0.9;
/** A pool that small is never too large. */
const LARGE_MIN = 20;
const LARGE_USED_MAX = 0.25;
/** Less says nothing about the busiest hour. */
const LARGE_RECORDED_MS_MIN = 3_600_000;

export const poolSize: Rule = ({ pools, recordedMs }) =>
  pools.flatMap((row) => [
    ...(isTooSmall(row) ? [tooSmall(row, recordedMs)] : []),
    ...(recordedMs >= LARGE_RECORDED_MS_MIN && isTooLarge(row) ? [tooLarge(row)] : []),
  ]);

export function isTooSmall({ waits, usedMax, limit }: PoolRow): boolean {
  if (waits === null || waits.calls < CALLS_MIN || waits.p95 < WAIT_SECONDS_MIN) return false;
  // Who waits for one without a limit waits for connections to be opened.
  return limit > 0 && usedMax >= FULL * limit;
}

export function isTooLarge({ usedMax, limit }: PoolRow): boolean {
  return limit >= LARGE_MIN && usedMax <= LARGE_USED_MAX * limit;
}

function tooSmall(row: PoolRow, recordedMs: number): Draft {
  const waits = row.waits!;
  return {
    type: 'pool_too_small',
    subject: row.pool,
    title: `Waiting for connections: pool ${row.pool}`,
    finding: `p95 of getting a connection of ${row.pool} is ${time(waits.p95)}, and the pool is used up at times.`,
    evidence: [
      `${items(waits.calls, 'connection')} taken, ${time(waits.total)} of waiting in all, longest ${time(waits.max)}.`,
      `In use: ${count(row.used)} on average, ${count(row.usedMax)} at most, of ${count(row.limit)}; up to ${count(row.pendingMax)} waiting.`,
    ],
    costPerDay: inADay(waits.total, recordedMs),
    risk: 'degraded',
    fix: advice(
      row.used >= FULL * row.limit
        ? 'Almost all are out all the time: look first for connections that are never given back and for transactions that wait for something else. Only then make the pool larger.'
        : `Make the pool larger step by step (try ${Math.ceil(row.limit * 1.5)}), as far as the database’s own limit of connections allows, or hold connections for less long.`,
    ),
    confidence: 'high',
    verification: `p95 of waiting for a connection is under ${time(WAIT_SECONDS_MIN)}.`,
    measure: { kind: 'service' },
  };
}

function tooLarge(row: PoolRow): Draft {
  return {
    type: 'pool_too_large',
    subject: row.pool,
    title: `More connections than are used: pool ${row.pool}`,
    finding: `The pool ${row.pool} may have ${count(row.limit)} connections and never used more than ${count(row.usedMax)}.`,
    evidence: [
      `In use on average ${count(row.used)}, idle ${count(row.idle)}: ${percent(row.usedMax / row.limit)} at the busiest.`,
    ],
    costPerDay: 0,
    fix: advice(
      `Each connection costs the server memory, also when idle. Allow ${Math.max(5, Math.ceil(row.usedMax * 2))} in each process.`,
    ),
    confidence: 'low',
    verification: 'The limit is lower and nobody waits for a connection.',
    measure: { kind: 'service' },
  };
}
