/** What looks at waits add up to, and its bound. */
import { expect, it } from 'vitest';
import { LockLog } from '../../../src/advisor/locks/lock-log.js';
import { type LockWait, type RawWait, waitsOf } from '../../../src/advisor/locks/lock-wait.js';

const wait = (more: Partial<LockWait> = {}): LockWait => ({
  ...{ key: '1 5', kind: 'lock_wait', system: 'postgresql', blockerState: 'running' },
  ...{ blocked: 'UPDATE a SET n = ?', blocker: 'UPDATE a SET m = ?', waitedS: 1 },
  ...more,
});

const raw = (id: string, blockerId: string, more: Partial<RawWait> = {}): RawWait => ({
  ...{ id, blockerId, sinceMs: 5, waitedS: 2, isBlockerIdle: false },
  ...{ blocked: `UPDATE a SET n = 'secret' WHERE id = ${id}`, blocker: 'DELETE FROM a' },
  ...more,
});

it('a wait counts once, as long as it was last, and those of one pair add up', () => {
  const log = new LockLog();
  for (const waitedS of [1, 6, 11]) log.add({ waits: [wait({ waitedS })], omitted: 0 }, waitedS);
  log.add({ waits: [wait({ key: '2 9', waitedS: 3 })], omitted: 2 }, 12);
  expect(log.pairs(0, 100)).toMatchObject([
    { waits: 2, waitedS: 14, longestS: 11, firstMs: 1, lastMs: 12 },
  ]);
  expect(log.pairs(12, 100)).toMatchObject([{ waits: 1, waitedS: 3 }]);
  expect(log.omitted).toBe(2);
});

it('a wait that goes on past a range is of it, and one that began behind it is not', () => {
  const log = new LockLog();
  for (const nowMs of [10, 20, 30]) log.add({ waits: [wait()], omitted: 0 }, nowMs);
  for (const [fromMs, toMs, count] of [
    [0, 10, 0],
    [15, 20, 1],
    [0, 15, 1],
    [30, 40, 1],
    [31, 40, 0],
  ] as const) {
    expect(log.pairs(fromMs, toMs)).toHaveLength(count);
  }
});

it('too many of every look are not more with every look', () => {
  const log = new LockLog();
  for (const omitted of [4, 5, 5, 0]) log.add({ waits: [], omitted }, 1);
  expect(log.omitted).toBe(5);
});

it('the oldest of too many waits go, and are counted', () => {
  const log = new LockLog();
  const waits = Array.from({ length: 1010 }, (_, i) => wait({ key: String(i) }));
  log.add({ waits, omitted: 0 }, 1);
  expect(log.pairs(0, 9)).toMatchObject([{ waits: 1000 }]);
  expect(log.omitted).toBe(10);
});

it('of a chain the one is named that waits for nobody, and no value is in a text', () => {
  const rows = [raw('1', '2'), raw('1', '3', { blocker: 'SELECT 7' }), raw('2', '3')];
  expect(waitsOf('postgresql', rows)).toMatchObject([
    { key: '1 5', blocked: 'UPDATE a SET n = ? WHERE id = ?', blocker: 'SELECT ?' },
    { key: '2 5', blocker: 'DELETE FROM a' },
  ]);
});

it('two that wait for each other are one deadlock', () => {
  const found = waitsOf('postgresql', [raw('1', '2'), raw('2', '1')]);
  expect(found).toMatchObject([{ kind: 'deadlock', key: '1 5', blockerState: 'waiting' }]);
});

it('a short wait is none, and an idle blocker and an unknown one are told apart', () => {
  expect(waitsOf('mariadb', [raw('1', '2', { waitedS: 0.05 })])).toEqual([]);
  const idle = raw('1', '2', { isBlockerIdle: true, blocker: null });
  const gone = raw('3', '0', { blocker: null });
  expect(waitsOf('mariadb', [idle, gone]).map(({ blockerState }) => blockerState)).toEqual([
    'idle',
    'unknown',
  ]);
});
