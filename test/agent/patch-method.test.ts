import { describe, expect, it } from 'vitest';
import { beforeCall } from '../../src/agent/patch-method.js';

describe('beforeCall', () => {
  const make = () => ({
    sum(a: number, b: number): number {
      return a + b;
    },
  });

  it('observes this and the arguments before the method runs', () => {
    const target = make();
    const seen: unknown[] = [];
    expect(
      beforeCall(
        target,
        'sum',
        () => {},
        (...args) => seen.push(args),
      ),
    ).toBe(true);
    expect(target.sum(1, 2)).toBe(3);
    expect(seen).toEqual([[target, 1, 2]]);
  });

  it('does not pass an error of the observer on, and is silent after ten', () => {
    const target = make();
    const warnings: string[] = [];
    let calls = 0;
    beforeCall(
      target,
      'sum',
      (code, detail) => warnings.push(`${code} ${detail}`),
      () => {
        calls += 1;
        throw new Error('ours');
      },
    );
    for (let i = 0; i < 20; i++) expect(target.sum(1, i)).toBe(1 + i);
    expect(calls).toBe(10);
    expect(warnings).toEqual(['TACHO_PROBE_OFF routes, sum: ours']);
  });

  it('lets an error of the method itself through', () => {
    const target = {
      boom(): never {
        throw new Error('theirs');
      },
    };
    beforeCall(
      target,
      'boom',
      () => {},
      () => {},
    );
    expect(() => target.boom()).toThrow('theirs');
  });

  it('leaves an object without such a method alone', () => {
    const target = {};
    expect(
      beforeCall(
        target,
        'sum',
        () => {},
        () => {},
      ),
    ).toBe(false);
    expect(
      beforeCall(
        undefined,
        'sum',
        () => {},
        () => {},
      ),
    ).toBe(false);
    expect(target).toEqual({});
  });
});
