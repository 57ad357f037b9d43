/**
 * Faults 6 and 8 of the guarantees: a collector, or whatever stands before it, that answers and does not
 * take the batch. Real agent, real collector, the fault proxy between them. What each answer means is
 * tested without processes in test/transport/http-senders.test.ts.
 */
import { describe, expect, it } from 'vitest';
import { type Fault, httpAnswer } from '../support/fault-proxy/fault.js';
import { droppedOf } from '../support/oracle/judge.js';
import { collectorOfFile } from './collector-of-file.js';
import { play } from './scenario.js';

const collectorUrl = collectorOfFile();

function answering(
  status: number,
  headers: Readonly<Record<string, string>> = {},
  body = '',
): Fault {
  return { kind: 'answer', text: httpAnswer(status, headers, body) };
}

describe.concurrent('a collector that asks for patience gets it, and then every record once', () => {
  it.each<[string, Fault]>([
    ['503', answering(503)],
    ['503-seconds', answering(503, { 'retry-after': '1' })],
    ['429-date', answering(429, { 'retry-after': new Date(Date.now() + 4000).toUTCString() })],
    ['429-past-date', answering(429, { 'retry-after': 'Mon, 23 Nov 2020 09:00:00 GMT' })],
    ['429-negative', answering(429, { 'retry-after': '-5' })],
    ['503-nonsense', answering(503, { 'retry-after': 'soon' })],
  ])('%s', { timeout: 120_000 }, async (name, fault) => {
    const outcome = await play({ name, fault, until: 'healed' }, collectorUrl());
    expect(outcome.complaints).toEqual([]);
    expect(droppedOf(outcome)).toBe(0);
  });
});

describe.concurrent('an answer that nobody but people can mend leaves all to the next process', () => {
  const page = '<html>Please log in</html>';
  it.each<[string, Fault, string[]]>([
    // Fifteen minutes at most, and longer than this application lives.
    ['503-absurd', answering(503, { 'retry-after': '99999999' }), []],
    ['401', answering(401), ['TACHO_TOKEN_REFUSED']],
    ['403', answering(403), ['TACHO_TOKEN_REFUSED']],
    ['404', answering(404), ['TACHO_COLLECTOR_UNREACHABLE']],
    [
      '301',
      answering(301, { location: 'http://127.0.0.1:1/v1/batches' }),
      ['TACHO_COLLECTOR_UNREACHABLE'],
    ],
    [
      '200-with-html',
      answering(200, { 'content-type': 'text/html' }, page),
      ['TACHO_COLLECTOR_UNREACHABLE'],
    ],
    [
      '400-with-html',
      answering(400, { 'content-type': 'text/html' }, page),
      ['TACHO_COLLECTOR_UNREACHABLE'],
    ],
  ])('%s', { timeout: 120_000 }, async (name, fault, warnings) => {
    const outcome = await play({ name, fault, times: 1, until: 'ended' }, collectorUrl());
    expect(outcome.complaints).toEqual([]);
    expect(outcome.warnings).toEqual(warnings);
    expect(droppedOf(outcome)).toBe(0);
    // One request met it; the next would have come a minute later.
    expect(outcome.faults).toBe(1);
  });
});

describe.concurrent('a batch that is refused for good is counted as lost, and the next is delivered', () => {
  it.each([
    // Sent whole, and then in so many parts as the agent tries.
    [400, 33],
    [413, 33],
    [422, 33],
    [415, 1],
  ])('%i', { timeout: 120_000 }, async (status, times) => {
    const name = `refused-${status}`;
    const fault = answering(status);
    const outcome = await play({ name, fault, times, until: 'healed' }, collectorUrl());
    expect(outcome.complaints).toEqual([]);
    expect(outcome.warnings).toEqual(['TACHO_COLLECTOR_REFUSED']);
    expect(outcome.dropped.refused).toBeGreaterThan(0);
    expect(droppedOf(outcome)).toBe(outcome.dropped.refused);
  });
});
