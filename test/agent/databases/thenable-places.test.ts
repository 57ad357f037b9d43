/**
 * What is awaited without being a promise does the same while somebody looks who awaits it. That this is seen, and the line,
 * is held by the scenarios over postgres.js and Drizzle (examples/findings).
 */
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

const turn = () => new Promise((resolve) => setImmediate(resolve));
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
  await turn();
  expect(settled).toEqual([error]);
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  process.once('unhandledRejection', note);
  await expect((async () => await new failing.Builder())()).rejects.toBe(error);
  await turn();
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
