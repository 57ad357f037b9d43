/** Days of which more comes late: how often they are made again. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { RETENTION_DEFAULT } from '../../../src/collector/store/data-folder.js';
import { EmbeddedStore } from '../../../src/collector/store/embedded-store.js';
import { CARDINALITY_DEFAULT } from '../../../src/collector/store/file-index.js';
import type { RunTask } from '../../../src/collector/store/maintenance.js';
import { loadSqlDriver } from '../../../src/collector/store/sql-driver.js';
import { createTaskRunner } from '../../../src/collector/store/tasks.js';
import { DAY_MS, DURATION, HOUR_MS, makeBatch } from '../make-batch.js';

const DAY = Date.UTC(2026, 10, 23);
const openSql = await loadSqlDriver();
const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A store whose days are counted as they are made. */
function open(startMs: number) {
  const folder = mkdtempSync(join(tmpdir(), 'tacho-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  const state = { nowMs: startMs, days: 0 };
  const runHere = createTaskRunner(openSql);
  const run: RunTask = async (task) => {
    if (task.type === 'day') state.days += 1;
    return runHere(task);
  };
  const store = new EmbeddedStore({
    folder,
    openSql,
    now: () => state.nowMs,
    retention: RETENTION_DEFAULT,
    limits: CARDINALITY_DEFAULT,
    runElsewhere: run,
  });
  cleanups.push(() => store.close());
  const commit = async (sequence: number): Promise<void> => {
    const batch = makeBatch({ startMs: DAY, sequence, routes: { '/a': [1, 2, 3] } });
    await store.commit([{ batch, receivedMs: state.nowMs }]);
  };
  const counted = async (): Promise<number | undefined> => {
    const range = { fromMs: DAY, toMs: DAY + 4 * DAY_MS, stepMs: DAY_MS };
    const rest = { group: [], where: [], histogram: false, limit: 500 };
    const ask = { metric: DURATION, service: undefined, level: 'hour', ...range, ...rest } as const;
    const total = (await store.query(ask))?.groups[0]?.total;
    return total !== undefined && 'count' in total ? total.count : undefined;
  };
  return { store, state, commit, counted };
}

it('a day is made again once an hour at most, and is told whole meanwhile', async () => {
  const { store, state, commit, counted } = open(DAY + DAY_MS + HOUR_MS);
  await commit(1);
  await store.maintain();
  expect(state.days).toBe(1);
  state.nowMs += HOUR_MS;
  for (let late = 0; late < 20; late++) {
    await commit(2 + late);
    await store.maintain();
    state.nowMs += 60_000;
    expect(await counted()).toBe(3 * (2 + late));
  }
  expect(state.days).toBe(2);
  state.nowMs += HOUR_MS;
  await store.maintain();
  expect(state.days).toBe(3);
});
