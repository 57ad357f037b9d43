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
        (self, a, b) => seen.push(self, a, b),
      ),
    ).toBe(true);
    expect(target.sum(1, 2)).toBe(3);
    expect(seen).toEqual([target, 1, 2]);
  });

  it.each([0, 1, 2, 3, 5, 6])(
    'passes on all arguments of a method that declares %i',
    (declared) => {
      const target = {
        list(...all: unknown[]): unknown[] {
          return [this, ...all];
        },
      };
      Object.defineProperty(target.list, 'length', { value: declared });
      beforeCall(
        target,
        'list',
        () => {},
        () => {},
      );
      const all = [1, 2, 3, 4, 5, 6].slice(0, declared);
      expect(target.list(...all)).toEqual([target, ...all]);
      expect(target.list.length).toBe(declared);
    },
  );

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
    expect(warnings).toEqual(['TACHO_PROBE_OFF before sum: ours']);
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
