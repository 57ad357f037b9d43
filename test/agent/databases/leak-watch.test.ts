/** Connections that are taken and not given back. */
import { expect, it } from 'vitest';
import { LeakWatch, queryBegan, queryEnded } from '../../../src/agent/databases/leak-watch.js';
import { QueryWatch } from '../../../src/agent/databases/query-watch.js';
import { Unit } from '../../../src/agent/unit.js';
import type { ConnectionLeak } from '../../../src/shared/worker-protocol.js';
import { makeHost } from './make-host.js';

const LEAK_MS = 30_000;
const pool = {};

function watching() {
  const told: ConnectionLeak[] = [];
  const clock = { ms: 0 };
  const watch = new LeakWatch(
    (leak) => told.push(leak),
    () => clock.ms,
  );
  const look = (all: object[], idle: object[] = []): void =>
    watch.look(pool, 'db:5432/erp', all, new Set(idle));
  return { told, clock, watch, look };
}

it('one that is out and asked nothing for half a minute is told, once, with who took it', () => {
  const { told, clock, watch, look } = watching();
  const unit = new Unit(0);
  unit.series = 9;
  const connection = {};
  watch.taken(connection, unit);
  clock.ms = LEAK_MS - 1;
  look([connection]);
  expect(told).toEqual([]);
  clock.ms = LEAK_MS;
  look([connection]);
  look([connection]);
  expect(told).toMatchObject([{ pool: 'db:5432/erp', series: 9, frames: [] }]);
});

it('one that works, or that was given back, is not told', () => {
  const { told, clock, watch, look } = watching();
  const [busy, idle, unknown] = [{}, {}, {}];
  for (const connection of [busy, idle]) watch.taken(connection, undefined);
  clock.ms = LEAK_MS - 5;
  for (const connection of [busy, unknown]) {
    queryBegan(connection, clock.ms);
    queryEnded(connection, clock.ms);
  }
  clock.ms = LEAK_MS + 5;
  look([busy, idle, unknown], [idle]);
  expect(told).toEqual([]);
});

it('one on which a query runs is not told, however long that takes', () => {
  const { told, clock, watch, look } = watching();
  const connection = {};
  watch.taken(connection, undefined);
  queryBegan(connection, 0);
  queryBegan(connection, 1);
  clock.ms = 2 * LEAK_MS;
  queryEnded(connection, clock.ms);
  clock.ms = 4 * LEAK_MS;
  look([connection]);
  expect(told).toEqual([]);
  queryEnded(connection, clock.ms);
  clock.ms = 5 * LEAK_MS - 1;
  look([connection]);
  expect(told).toEqual([]);
  clock.ms = 5 * LEAK_MS;
  look([connection]);
  expect(told).toHaveLength(1);
});

it('one that listens is kept for that, and not told until it is taken by another', () => {
  const { told, clock, watch, look } = watching();
  const queries = new QueryWatch(makeHost(), 'postgresql');
  const connection = {};
  const listen = (error?: Error): void =>
    queries.end(queries.begin('LISTEN orders', connection, undefined)!, error);
  watch.taken(connection, undefined);
  listen();
  clock.ms = 1e9;
  look([connection]);
  expect(told).toEqual([]);
  watch.taken(connection, undefined);
  listen(new Error('refused'));
  clock.ms = 2e9;
  look([connection]);
  expect(told).toHaveLength(1);
});

it('a query that ends after its connection was taken again is not one of the next', () => {
  const { told, clock, watch, look } = watching();
  const connection = {};
  watch.taken(connection, undefined);
  queryBegan(connection, 0);
  watch.taken(connection, undefined);
  queryEnded(connection, LEAK_MS);
  queryBegan(connection, 1);
  clock.ms = 2 * LEAK_MS;
  look([connection]);
  expect(told).toEqual([]);
});

it('once a pool has lost one, it is noted who takes the next', () => {
  const { told, clock, watch, look } = watching();
  const [first, second] = [{}, {}];
  watch.taken(first, undefined);
  clock.ms = LEAK_MS;
  look([first]);
  watch.taken(second, undefined, watch.placeOf(pool));
  clock.ms = 2 * LEAK_MS;
  look([first, second]);
  expect(told).toHaveLength(2);
  expect(told[1]!.frames.some(([, file]) => file.endsWith('leak-watch.test.ts'))).toBe(true);
});

it('until a pool has lost one it is not looked who takes any, and then for ten a second', () => {
  const { clock, watch, look } = watching();
  const first = {};
  expect(watch.placeOf(pool)).toEqual([]);
  watch.taken(first, undefined);
  clock.ms = LEAK_MS;
  look([first]);
  const seen = () => Array.from({ length: 1000 }, () => watch.placeOf(pool)).filter(isSome).length;
  expect(seen()).toBe(20);
  clock.ms += 1000;
  expect(seen()).toBe(10);
});

it('one that is taken again begins anew, and is nothing that a print shows', () => {
  const { told, clock, watch, look } = watching();
  const connection = {};
  watch.taken(connection, new Unit(0));
  look([connection], [connection]);
  clock.ms = LEAK_MS;
  watch.taken(connection, undefined);
  clock.ms = 2 * LEAK_MS;
  look([connection]);
  expect(told).toMatchObject([{ series: undefined }]);
  expect([Object.keys(connection), JSON.stringify(connection)]).toEqual([[], '{}']);
});

function isSome(frames: readonly unknown[]): boolean {
  return frames.length > 0;
}
