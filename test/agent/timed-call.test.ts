import { setTimeout as sleep } from 'node:timers/promises';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import type { ProbeHost } from '../../src/agent/probe.js';
import {
  type Callback,
  endingWith,
  endOf,
  errorTypeOf,
  timedFunction,
} from '../../src/agent/timed-call.js';

/** As some drivers have them: runs when first somebody looks at it. */
class LazyQuery extends Promise<string> {
  static executed = 0;

  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  // biome-ignore lint/suspicious/noThenProperty: it is what sets such a query off.
  override then(...handlers: never[]): never {
    LazyQuery.executed += 1;
    return super.then(...(handlers as [])) as never;
  }

  values(): this {
    return this;
  }
}

/** What `endOf` gives for `result`, and the errors and results by which it ended so far. */
function ended(result: unknown): { given: unknown; ends: unknown[][] } {
  const ends: unknown[][] = [];
  const given = endOf(
    () => result,
    (...how) => ends.push(how),
  );
  return { given, ends };
}

it('a promise of a class of its own is given back itself, and nothing is set off', () => {
  const query = new LazyQuery((resolve) => resolve('rows'));
  const { given, ends } = ended(query);
  expect(given).toBe(query);
  expect(LazyQuery.executed).toBe(0);
  expect(ends).toEqual([[undefined, query]]);
});

it('a promise of an asynchronous function is one, whatever the application puts in the place of Promise', async () => {
  const Native = globalThis.Promise;
  globalThis.Promise = class Other {} as never;
  const { given, ends } = ended((async () => 5)());
  globalThis.Promise = Native;
  expect(ends).toEqual([]);
  expect(await given).toBe(5);
  expect(ends).toEqual([[undefined, 5]]);
});

it('a promise that its library handles is given back itself, ends when it is settled, and stays handled', async () => {
  const rejections: unknown[] = [];
  const note = (reason: unknown): number => rejections.push(reason);
  process.on('unhandledRejection', note);
  const error = new RangeError();
  const ends: unknown[][] = [];
  const make = async (): Promise<never> => {
    await null;
    throw error;
  };
  const promise = make();
  promise.catch(() => {});
  const end = (...how: unknown[]): number => ends.push(how);
  expect(
    endOf(
      () => promise,
      end,
      () => true,
    ),
  ).toBe(promise);
  expect(ends).toEqual([]);
  await sleep(5);
  process.off('unhandledRejection', note);
  expect(ends).toEqual([[error, undefined]]);
  expect(rejections).toEqual([]);
});

it('a promise with properties of its own is given back itself', () => {
  const call = Object.assign(Promise.resolve(1), { cancel: () => 'cancelled' });
  expect(ended(call).given).toBe(call);
});

it('a promise without a class is given back itself', () => {
  const bare = Object.setPrototypeOf(Promise.resolve(1), null);
  expect(ended(bare).given).toBe(bare);
});

it.each([
  ['this realm', () => sleep(5, 'late')],
  [
    'another realm',
    () =>
      runInNewContext('new Promise((resolve) => wait(() => resolve("late"), 5))', {
        wait: setTimeout,
      }),
  ],
])('a promise of %s ends when it is settled, and stays one of that realm', async (_, make) => {
  const promise = (make as () => Promise<string>)();
  const { given, ends } = ended(promise);
  expect(ends).toEqual([]);
  expect(Object.getPrototypeOf(given)).toBe(Object.getPrototypeOf(promise));
  expect(await given).toBe('late');
  expect(ends).toEqual([[undefined, 'late']]);
});

it('a `then` that the application has put in place of the language’s is not called', async () => {
  const original = Promise.prototype.then;
  let calls = 0;
  // biome-ignore lint/suspicious/noThenProperty: what is tested.
  Promise.prototype.then = function (this: Promise<unknown>, ...handlers: never[]) {
    calls += 1;
    return original.apply(this, handlers as []);
  } as never;
  const { given } = ended(Promise.resolve(1));
  const seen = calls;
  // biome-ignore lint/suspicious/noThenProperty: as above.
  Promise.prototype.then = original;
  expect(await given).toBe(1);
  expect(seen).toBe(0);
});

it('a callback that is put aside and handed over again, to the same method, is one call', () => {
  const host = {
    work: { current: () => undefined, resume: (_: unknown, run: () => void) => run() },
  };
  const ended: unknown[] = [];
  let aside: unknown;
  const onEnd = ({ result }: { result: unknown }) => ended.push(result);
  const timing = { name: 'take', takesCallback: true, onEnd };
  const take = timedFunction(
    (callback) => {
      if (aside === undefined) aside = callback;
      else (callback as (error: null, result: string) => void)(null, 'taken');
    },
    host as unknown as ProbeHost,
    timing,
  );
  const called: unknown[] = [];
  take.call(undefined, (...args: unknown[]) => called.push(args));
  take.call(undefined, aside);
  expect(called).toEqual([[null, 'taken']]);
  expect(ended).toEqual(['taken']);
});

/** A host that works for nobody. */
const NOBODY = {
  work: { current: () => undefined, resume: (_: unknown, run: () => void) => run() },
  warn: () => {},
} as unknown as ProbeHost;

it('a method that throws, and calls back later all the same, has ended once', () => {
  const ends: unknown[] = [];
  const onEnd = ({ error }: { error: unknown }): unknown => ends.push(error);
  let taken: unknown;
  const failure = new Error('of the method');
  const method = timedFunction(
    (callback) => {
      taken = callback;
      throw failure;
    },
    NOBODY,
    { name: 'take', takesCallback: true, onEnd },
  );
  const called: unknown[][] = [];
  expect(() => method.call(undefined, (...args: unknown[]) => called.push(args))).toThrow(failure);
  (taken as (error: null, result: string) => void)(null, 'late');
  expect(called).toEqual([[null, 'late']]);
  expect(ends).toEqual([failure]);
});

it('a method of which it cannot be said whether it is a call is none, and works', () => {
  const ends: unknown[] = [];
  const isCall = (): boolean => {
    throw new Error('ours');
  };
  const timing = { name: 'take', isCall, onEnd: (call: unknown) => ends.push(call) };
  const method = timedFunction((value) => value, NOBODY, timing);
  expect(method.call(undefined, 7)).toBe(7);
  expect(ends).toEqual([]);
});

it.each([
  [{ code: 'ECONNREFUSED' }, 'ECONNREFUSED'],
  [{ code: 'ERR_HTTP2_STREAM_ERROR' }, 'ERR_HTTP2_STREAM_ERROR'],
  [{ code: '23505' }, '23505'],
  [{ code: '42P01' }, '42P01'],
  [{ code: 11000 }, '11000'],
  [{ code: -111 }, '-111'],
  [{ name: 'TimeoutError' }, 'TimeoutError'],
  [new RangeError('a'), 'RangeError'],
  ['thrown', 'error'],
  [undefined, undefined],
])('the type of the error %o is %s', (error, type) => {
  expect(errorTypeOf(error)).toBe(type);
});

it.each([
  'alice17@example.com',
  'sk97f3b2a9c8d1e4f5a6b0x',
  '4929123412341234',
  'not a code',
  `A${'a'.repeat(64)}`,
  '',
  4929123412341234,
  0.5,
])('what may be a value, %o, is no type of an error', (value) => {
  expect(errorTypeOf(Object.assign(new TypeError('a'), { code: value }))).toBe('TypeError');
  expect(errorTypeOf({ name: String(value) })).toBe(value === '' ? 'error' : '_OTHER');
});

it.each([
  () => 'none',
  (_a: unknown) => 'one',
  (_a: unknown, _b: unknown) => 'two',
  (_a: unknown, _b: unknown, _c: unknown) => 'three',
  (_a: unknown, _b: unknown, _c: unknown, _d: unknown) => 'four',
  (_a: unknown, _b: unknown, _c: unknown, _d: unknown, _e: unknown) => 'five',
])('a callback that ends a call has the length of the application’s, %#', (callback) => {
  const ending = endingWith(callback as Callback, {}, () => (run) => run());
  expect(ending).toHaveLength(callback.length);
  expect(ending.call(undefined)).toBe(
    callback.call(undefined, ...([] as unknown as [1, 2, 3, 4, 5])),
  );
});

it('a callback that ends a call is called with as many arguments as were given, and their `this`', () => {
  const seen: unknown[] = [];
  function callback(this: unknown, ...given: unknown[]): void {
    seen.push(this, given);
  }
  const self = {};
  const ending = endingWith(callback, {}, () => (run) => run());
  ending.call(self);
  ending.call(self, null, 1, 2, 3, 4, 5);
  expect(seen).toEqual([self, [], self, [null, 1, 2, 3, 4, 5]]);
});

it('an error whose fields throw is one of another type', () => {
  const error = {
    get code(): string {
      throw new Error('code');
    },
  };
  expect(errorTypeOf(error)).toBe('_OTHER');
  expect(errorTypeOf(Proxy.revocable({}, {}).proxy)).toBe('error');
});
