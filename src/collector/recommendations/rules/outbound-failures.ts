/** Rule: outbound calls that wait for ever, or fail now and then and are not tried again. */
import type { OutboundRow } from '../evidence/evidence.js';
import type { Draft } from '../recommendation.js';
import { inADay, items, percent, time } from '../words.js';
import { CALLS_MIN, type Rule } from './rule.js';

/** A call that was let last so long has no time limit, or one that helps nobody. */
const UNLIMITED_SECONDS = 10;
const FAILING_MIN = 0.002;
/** Beyond that it is down, and trying again makes it worse. */
const DOWN_MIN = 0.2;

export const outboundFailures: Rule = ({ outbound, recordedMs }) =>
  outbound
    .filter(({ calls }) => calls >= CALLS_MIN)
    .flatMap((row) => [
      ...(row.max >= UNLIMITED_SECONDS ? [noTimeout(row, recordedMs)] : []),
      ...(row.errors >= 3 && row.errors / row.calls >= FAILING_MIN ? [noRetry(row)] : []),
    ]);

function noTimeout(row: OutboundRow, recordedMs: number): Draft {
  const host = `${row.host}:${row.port}`;
  return {
    type: 'outbound_timeout',
    subject: host,
    title: `No time limit for calls of ${host}`,
    finding: `A call of ${host} was waited for ${time(row.max)}; p95 is ${time(row.p95)}.`,
    evidence: [`${items(row.calls, 'call')}, p99 ${time(row.p99)}.`],
    costPerDay: inADay(Math.max(0, row.p99 - row.p95) * row.calls * 0.01, recordedMs),
    risk: 'degraded',
    fix: {
      text: 'Give up after a few times its p99, and do without the answer where you can.',
      code: `await fetch(url, { signal: AbortSignal.timeout(${limitMs(row)}) });`,
      language: 'js',
    },
    confidence: 'medium',
    verification: `No call of ${host} takes longer than the limit.`,
    measure: { kind: 'service' },
  };
}

function noRetry(row: OutboundRow): Draft {
  const host = `${row.host}:${row.port}`;
  const ratio = row.errors / row.calls;
  const isDown = ratio >= DOWN_MIN;
  return {
    type: isDown ? 'outbound_down' : 'outbound_retry',
    subject: host,
    title: isDown ? `Calls of ${host} fail` : `Calls of ${host} fail now and then`,
    finding: `${items(row.errors, 'call')} of ${items(row.calls, 'call')} of ${host} failed (${percent(ratio)}).`,
    evidence: [
      `p50 ${time(row.p50)}, p99 ${time(row.p99)}.`,
      ...(row.timeouts > 0
        ? [`${items(row.timeouts, 'call')} of them were given up after a time.`]
        : []),
    ],
    costPerDay: 0,
    ...(isDown ? { risk: 'degraded' as const } : {}),
    fix: {
      text: isDown
        ? 'Stop asking for a while after some failures (a circuit breaker), and answer from a cache or without it.'
        : 'Try what changes nothing (GET) once more after a short, random pause; where it is tried already, nothing is to be done.',
      code: isDown
        ? null
        : 'await delay(50 + Math.random() * 100);   // then once more, not for ever',
      language: isDown ? null : 'js',
    },
    confidence: isDown ? 'medium' : 'low',
    verification: `Fewer than ${percent(FAILING_MIN)} of the calls fail.`,
    measure: { kind: 'service' },
  };
}

function limitMs({ p99 }: OutboundRow): number {
  return Math.max(500, Math.ceil((p99 * 3000) / 500) * 500);
}
