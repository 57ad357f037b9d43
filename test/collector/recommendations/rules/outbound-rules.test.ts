import { expect, it } from 'vitest';
import { outboundCalls } from '../../../../src/collector/recommendations/rules/outbound-calls.js';
import { outboundFailures } from '../../../../src/collector/recommendations/rules/outbound-failures.js';
import { makeCalls, makeEvidence } from '../make-evidence.js';

function outbound(parts: Partial<ReturnType<typeof row>> = {}) {
  return makeEvidence({ outbound: [{ ...row(), ...parts }] });
}

function row() {
  const { names: _, ...calls } = makeCalls({}, 1000, 0.02);
  return {
    ...calls,
    host: 'rates',
    port: '80',
    errors: 0,
    timeouts: 0,
    connects: 5 as number | null,
  };
}

it('a host that is waited for without end wants a time limit of three times its p99', () => {
  const found = outboundFailures(outbound({ max: 30, p99: 0.4 }));
  expect(found).toMatchObject([
    { type: 'outbound_timeout', fix: { code: expect.stringContaining('timeout(1500)') } },
  ]);
});

it('a host that fails now and then wants one more try, one that is down wants to be left alone', () => {
  expect(outboundFailures(outbound({ errors: 7 }))).toMatchObject([
    { type: 'outbound_retry', confidence: 'low' },
  ]);
  expect(outboundFailures(outbound({ errors: 400 }))).toMatchObject([
    { type: 'outbound_down', risk: 'degraded' },
  ]);
});

it('a host that answers is no recommendation', () => {
  expect(outboundFailures(outbound({ errors: 1 }))).toEqual([]);
  expect(outboundCalls(outbound())).toEqual([]);
});

it('a connection for each call wants to be kept open', () => {
  expect(outboundCalls(outbound({ connects: 900 }))).toMatchObject([
    { type: 'outbound_keep_alive' },
  ]);
});

it('many calls of one request are one call too many but one', () => {
  const names = { 'http.request.method': 'GET', 'http.route': '/quote' };
  const clientCalls = [makeCalls(names, 100, 11)];
  const evidence = { ...outbound(), clientCalls };
  const [one] = outboundCalls(evidence);
  expect(one).toMatchObject({ type: 'outbound_n_plus_one', route: 'GET /quote' });
  expect(one?.costPerDay).toBeCloseTo(1000 * 0.02 * 24, 6);
  expect(outboundCalls({ ...evidence, clientCalls: [makeCalls(names, 100, 1)] })).toEqual([]);
});
