import { expect, it } from 'vitest';
import { CallRecorder } from '../../src/agent/call-recorder.js';
import { NO_SPAN } from '../../src/agent/span-list.js';
import type { Unit } from '../../src/agent/unit.js';
import type { Work } from '../../src/agent/work.js';

/** Calls of one unit, what of them is defined, and what is recorded. */
function setUp() {
  const defined: string[] = [];
  const recorded: number[] = [];
  const recorder = {
    series(_metric: unknown, values: readonly (string | undefined)[]): number {
      const key = values.map(String).join(' ');
      const known = defined.indexOf(key);
      return known < 0 ? defined.push(key) - 1 : known;
    },
  };
  const work = {
    begin: () => NO_SPAN,
    endBegun: (_call: unknown, series: number) => recorded.push(series),
  } as unknown as Work;
  const unit = { clientCalls: 0 } as Unit;
  const calls = new CallRecorder(recorder as never, work);
  const call = (address: string, status: number | undefined, error?: string): void =>
    calls.end(calls.begin({ method: 'GET', address, port: '80' }, unit), status, error);
  return { call, defined, recorded, unit };
}

it('targets that answer define a series each, which is recorded', () => {
  const { call, defined, recorded, unit } = setUp();
  for (let target = 0; target < 50; target += 1) call(`h${target}`, 200);
  call('h0', 204);
  expect(defined).toHaveLength(50);
  expect(recorded).toEqual([...defined.keys(), 0]);
  expect(unit.clientCalls).toBe(51);
});

it('a call that fails is told apart by its status and its error', () => {
  const { call, defined, recorded } = setUp();
  call('h', 200);
  call('h', 503);
  call('h', undefined, 'ECONNREFUSED');
  call('h', 200, 'aborted');
  expect(recorded.map((series) => defined[series])).toEqual([
    'GET h 80 2xx undefined',
    'GET h 80 5xx undefined',
    'GET h 80 undefined ECONNREFUSED',
    'GET h 80 2xx aborted',
  ]);
});
