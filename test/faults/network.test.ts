/**
 * Faults 2 to 5 of the guarantees: a network that takes, delays, cuts off and repeats. Real agent, real
 * collector, the fault proxy between them. All at the same time, for they mostly wait.
 */
import { describe, expect, it } from 'vitest';
import type { Fault } from '../support/fault-proxy/fault.js';
import { droppedOf } from '../support/oracle/judge.js';
import { collectorOfFile } from './collector-of-file.js';
import { play } from './scenario.js';

const collectorUrl = collectorOfFile();

/** `times`: how often a fault is met before it goes. Two attempts at a byte a second take 15 s. */
const PASSING: readonly (readonly [name: string, fault: Fault, times: number])[] = [
  ['an-answer-that-never-comes', { kind: 'no-answer' }, 2],
  ['a-black-hole', { kind: 'black-hole' }, 1],
  ['one-byte-a-second', { kind: 'bandwidth', bytesPerSecond: 1 }, 2],
  ['one-byte-a-second-back', { kind: 'bandwidth', bytesPerSecond: 1, direction: 'down' }, 1],
  ['a-slow-line', { kind: 'latency', delayMs: 800 }, 4],
  ['resets-in-the-request', { kind: 'reset', direction: 'up', afterBytes: 100 }, 4],
  ['resets-in-the-answer', { kind: 'reset', direction: 'down', afterBytes: 20 }, 4],
  ['resets-after-the-commit', { kind: 'reset', direction: 'down', afterBytes: 0 }, 4],
  ['truncated-requests', { kind: 'truncate', direction: 'up', afterBytes: 300 }, 2],
  ['truncated-answers', { kind: 'truncate', direction: 'down', afterBytes: 40 }, 4],
  ['requests-that-come-twice', { kind: 'duplicate' }, 3],
  ['refused-connections', { kind: 'refuse' }, 4],
  [
    'resets-now-and-then',
    { kind: 'sometimes', share: 0.5, fault: { kind: 'reset', direction: 'down', afterBytes: 0 } },
    3,
  ],
];

describe.concurrent('a network fault that passes costs no record and brings none twice', () => {
  it.each(PASSING)('%s', { timeout: 120_000 }, async (name, fault, times) => {
    const outcome = await play({ name, fault, times, until: 'healed' }, collectorUrl());
    expect(outcome.complaints).toEqual([]);
    expect(outcome.warnings.filter((code) => code !== 'TACHO_COLLECTOR_UNREACHABLE')).toEqual([]);
    expect(droppedOf(outcome)).toBe(0);
  });
});

describe.concurrent('an application that ends during a network fault leaves all to the next', () => {
  it.each<[string, Fault, number]>([
    ['ends-unanswered', { kind: 'no-answer' }, 1],
    ['ends-in-a-black-hole', { kind: 'black-hole' }, 1],
    ['ends-after-resets', { kind: 'reset', direction: 'down', afterBytes: 0 }, 3],
    ['ends-refused', { kind: 'refuse' }, 3],
  ])('%s', { timeout: 120_000 }, async (name, fault, times) => {
    const outcome = await play({ name, fault, times, until: 'ended' }, collectorUrl());
    expect(outcome.complaints).toEqual([]);
    expect(droppedOf(outcome)).toBe(0);
  });
});
