/**
 * What is awaited without being a promise does the same while somebody looks who awaits it. That this is seen, and the line,
 * is held by the scenarios over postgres.js and Drizzle (examples/findings).
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { compileFunction } from 'node:vm';
import { expect, it } from 'vitest';
import { watchThen } from '../../../src/agent/databases/thenable-places.js';
import type { ProbeHost } from '../../../src/agent/probe.js';
import { Unit } from '../../../src/agent/unit.js';
import { openPlaces } from '../open-places.js';

const SERIES = 3;
/** As Drizzle has it: a package's class, whose `then` makes a query. */
const BUILDERS = `return class Builder {
  then(...settle) {
    meet();
    return answer().then(...settle);
  }
}`;
const FILE = '/app/node_modules/builders/builder.js';

type Answer = () => Promise<unknown>;
type BuilderClass = { readonly prototype: object; new (): PromiseLike<unknown> };

function open(answer: Answer) {
  const { reader, places } = openPlaces();
  const unit = new Unit(0);
  const make = compileFunction(BUILDERS, ['meet', 'answer'], { filename: FILE });
  const Builder: BuilderClass = make(places.meet.bind(places, unit, SERIES), answer);
  const host = { places, warn: () => expect.unreachable() } as unknown as ProbeHost;
  watchThen(Builder.prototype, host);
  return { reader, unit, Builder };
}

it('nobody is told while nothing is wanted', async () => {
  const { unit, Builder } = open(async () => 5);
  expect(await new Builder()).toBe(5);
  expect(unit.places).toBeUndefined();
});

it('what is handed over settles once, with its own value or error', async () => {
  const error = new Error('no such table');
  const failing = open(() => Promise.reject(error));
  failing.reader.want(SERIES, 1);
  const settled: unknown[] = [];
  const settle = (value: unknown) => settled.push(value);
  await new failing.Builder().then(settle, settle);
  await nextTurn();
  expect(settled).toEqual([error]);
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  process.once('unhandledRejection', note);
  await expect((async () => await new failing.Builder())()).rejects.toBe(error);
  await nextTurn();
  process.removeListener('unhandledRejection', note);
  expect(unhandled).toEqual([]);
});

it('a wanted place changes nothing in the order of turns', async () => {
  const orderWith = async (isWanted: boolean): Promise<string[]> => {
    const { reader, Builder } = open(async () => 5);
    if (isWanted) reader.want(SERIES, 1);
    const order: string[] = [];
    const ticks = async (name: string) => {
      for (let i = 0; i < 6; i++) {
        await null;
        order.push(`${name}${i}`);
      }
    };
    const reads = async () => {
      await new Builder();
      order.push('read');
    };
    await Promise.all([ticks('a'), reads(), ticks('b')]);
    return order;
  };
  expect(await orderWith(true)).toEqual(await orderWith(false));
});

it('an application may put another class in the place of Promise', async () => {
  const { reader, Builder } = open(async () => 5);
  reader.want(SERIES, 1);
  const Native = globalThis.Promise;
  // As bluebird's: no promise of the language, and a `then` of its own.
  class Other {
    readonly #promise: Promise<unknown>;
    constructor(work: ConstructorParameters<typeof Promise>[0]) {
      this.#promise = new Native(work);
    }
    static resolve(value: unknown): Other {
      return new Other((resolve) => resolve(value));
    }
    // biome-ignore lint/suspicious/noThenProperty: it is a promise.
    then(...settle: Parameters<Promise<unknown>['then']>): unknown {
      return this.#promise.then(...settle);
    }
  }
  globalThis.Promise = Other as never;
  try {
    expect(await new Builder()).toBe(5);
    await nextTurn();
  } finally {
    globalThis.Promise = Native;
  }
});

it('a fault of ours is not that of who awaits', async () => {
  class Builder {
    // biome-ignore lint/suspicious/noThenProperty: as Drizzle has it.
    then(onValue: (value: number) => unknown): unknown {
      return onValue(5);
    }
  }
  const places = {
    get isAnyWanted(): never {
      throw new Error('fault');
    },
  };
  watchThen(Builder.prototype, { places, warn: () => {} } as unknown as ProbeHost);
  expect(await new Builder()).toBe(5);
});
