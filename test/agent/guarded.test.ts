import { describe, expect, it } from 'vitest';
import { guarded, guardedCall } from '../../src/agent/guarded.js';

describe.each([
  ['guarded', guarded<unknown>],
  ['guardedCall', guardedCall<readonly unknown[]>],
] as const)('%s', (_name, guard) => {
  it('passes on no error, and is silent after ten with one warning', () => {
    const warnings: string[] = [];
    let calls = 0;
    const safe = guard(
      'probe',
      (code, detail) => warnings.push(`${code} ${detail}`),
      () => {
        calls += 1;
        throw calls === 10 ? 'no error at all' : new Error('ours');
      },
    );
    for (let i = 0; i < 9; i++) safe(i);
    expect(warnings).toEqual([]);
    for (let i = 0; i < 20; i++) safe(i);
    expect(calls).toBe(10);
    expect(warnings).toEqual(['TACHO_PROBE_OFF probe: no error at all']);
  });

  it('hands over what it was called with', () => {
    const seen: unknown[] = [];
    const safe = guard(
      'probe',
      () => {},
      (...args: readonly unknown[]) => seen.push(args),
    );
    safe('message');
    expect(seen).toEqual([['message']]);
  });
});

it('guardedCall gives back what was returned, and undefined when that was an error', () => {
  const safe = guardedCall(
    'probe',
    () => {},
    (value: number) => {
      if (value < 0) throw new RangeError('ours');
      return value;
    },
  );
  expect([safe(1), safe(-1), safe(2)]).toEqual([1, undefined, 2]);
  for (let i = 0; i < 9; i++) safe(-1);
  expect(safe(3)).toBeUndefined();
});

it('guardedCall hands over every argument', () => {
  const seen: unknown[] = [];
  const safe = guardedCall(
    'probe',
    () => {},
    (...args: readonly number[]) => seen.push(args),
  );
  safe(1, 2, 3);
  expect(seen).toEqual([[1, 2, 3]]);
});
