/** The parts that layers are made of, in this process. */
import { describe, expect, it } from 'vitest';
import { BoundedNames } from '../../src/agent/layers/bounded-names.js';
import { patchExpressParams } from '../../src/agent/layers/express-middleware.js';
import { type Method, Outermost } from '../../src/agent/layers/outermost.js';
import { replaceFunction, withPropertiesOf } from '../../src/agent/layers/replace-function.js';
import type { ProbeHost } from '../../src/agent/probe.js';
import { Unit } from '../../src/agent/unit.js';

describe('patchExpressParams', () => {
  const host = { warn: () => {}, recorder: {} } as unknown as ProbeHost;
  const loaded = (exports: unknown) => ({
    filename: 'router/index.js',
    exports,
    require: () => {},
  });

  it('observes the router of Express', () => {
    const param = (): void => {};
    const router = { param };
    patchExpressParams(loaded(router), host);
    expect(router.param).not.toBe(param);
    expect(router.param.name).toBe('param');
  });

  it('does not take a file of the application that exports a router for it', () => {
    const router = Object.create({ param: () => {} }) as object;
    patchExpressParams(loaded(router), host);
    expect(Object.keys(router)).toEqual([]);
    for (const exports of [undefined, null, 7]) patchExpressParams(loaded(exports), host);
  });
});

describe('BoundedNames', () => {
  it('tells 200 names apart, and no more', () => {
    const names = new BoundedNames();
    const taken = Array.from({ length: 1000 }, (_, i) => names.take(`name ${i}`));
    expect(new Set(taken).size).toBe(201);
    expect([names.take('name 7'), names.take('name 700')]).toEqual(['name 7', '(other)']);
  });

  it('does not know what was never taken', () => {
    const names = new BoundedNames();
    names.take('a');
    expect([names.known('a'), names.known('b')]).toEqual(['a', '']);
  });
});

describe('replaceFunction', () => {
  const original = Object.assign(
    function original(a: number, b: number) {
      return a + b;
    },
    { extra: 1, self: undefined as unknown },
  );
  original.self = original;
  const replacement = replaceFunction(original, (_, [a]) => `called with ${String(a)}`);

  it('is called instead, and otherwise is the original', () => {
    expect(replacement(7, 8)).toBe('called with 7');
    expect([replacement.name, replacement.length, replacement.extra]).toEqual(['original', 2, 1]);
  });

  it('is found where the original refers to itself', () => {
    expect(replacement.self).toBe(replacement);
  });

  it('gives the original what is written to it', () => {
    replacement.extra = 2;
    expect(original.extra).toBe(2);
  });

  it('does not lie about what can never change', () => {
    const fixed = (): void => {};
    Object.defineProperty(fixed, 'self', { value: fixed });
    const stand = replaceFunction(fixed, () => {}) as typeof fixed & { readonly self: unknown };
    expect(stand.self).toBe(fixed);
  });
});

it('withPropertiesOf gives name, length and everything else', () => {
  const original = Object.assign((_a: unknown, _b: unknown) => {}, { cache: 1 });
  const wrapper = withPropertiesOf((() => 'wrapped') as Method, original);
  expect([wrapper.name, wrapper.length, Object.keys(wrapper)]).toEqual([
    original.name,
    2,
    ['cache'],
  ]);
});

describe('Outermost', () => {
  const unit = new Unit(0);
  const host = {
    warn: (code: string, detail: string) => {
      throw new Error(`${code} ${detail}`);
    },
    work: { current: () => unit, resume: (_: unknown, run: () => unknown) => run() },
  } as unknown as ProbeHost;
  const counted = (): { counts: string[]; outermost: Outermost; of: (name: string) => never } => {
    const counts: string[] = [];
    const onEnd = ({ error }: { readonly error: unknown }): void => {
      counts.push(error === undefined ? 'ended' : 'failed');
    };
    const of = (name: string): never => ({ name, onEnd, takesCallback: true }) as never;
    return { counts, outermost: new Outermost(host), of };
  };

  it('counts a call within another with the outer one', () => {
    const { counts, outermost, of } = counted();
    const inner = outermost.time((() => 'inner') as Method, of('inner'));
    const outer = outermost.time((() => [inner(), inner()]) as Method, of('outer'));
    expect(outer()).toEqual(['inner', 'inner']);
    expect(counts).toEqual(['ended']);
    inner();
    expect(counts).toEqual(['ended', 'ended']);
  });

  it('counts what a callback does for itself: an error page after a page that failed', () => {
    const { counts, outermost, of } = counted();
    const page = outermost.time(((done: Method) => done(new Error('failed'))) as Method, of('a'));
    const errorPage = outermost.time((() => 'sorry') as Method, of('b'));
    expect(page(() => errorPage())).toBe('sorry');
    expect(counts).toEqual(['failed', 'ended']);
  });

  it('counts again after a call that threw, with and without a callback', () => {
    const { counts, outermost, of } = counted();
    const fails = outermost.time(
      (() => {
        throw new Error('failed');
      }) as Method,
      of('a'),
    );
    expect(() => fails()).toThrow('failed');
    expect(() => fails(() => {})).toThrow('failed');
    expect(counts).toEqual(['failed', 'failed']);
  });

  it('covers what its unit does later, until it has called back', async () => {
    const { counts, outermost, of } = counted();
    const engine = outermost.time((() => 'text') as Method, of('engine'));
    const view = outermost.time(
      ((done: Method) => setTimeout(() => done(null, engine()), 1)) as Method,
      of('view'),
      true,
    );
    expect(await new Promise((resolve) => view((_: unknown, text: unknown) => resolve(text)))).toBe(
      'text',
    );
    expect(counts).toEqual(['ended']);
    engine();
    expect(counts).toEqual(['ended', 'ended']);
  });

  it('counts nothing of what is silent', () => {
    const { counts, outermost, of } = counted();
    const inner = outermost.time((() => 'inner') as Method, of('inner'));
    expect(outermost.silently(() => inner())).toBe('inner');
    expect(counts).toEqual([]);
  });
});
