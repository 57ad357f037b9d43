import { afterEach, expect, it } from 'vitest';
import type { RunTask } from '../../../src/collector/store/maintenance.js';
import { createTaskRunner } from '../../../src/collector/store/tasks.js';
import { DAY_MS, DURATION, HOUR_MS } from '../make-batch.js';
import {
  commit,
  DAY,
  makeFolder,
  onDay,
  openSql,
  openStore,
  removeFolders,
} from './store-folder.js';

afterEach(removeFolders);

/** A store whose days are counted as they are made. */
function open(startMs: number) {
  const state = { nowMs: startMs, days: 0 };
  const runHere = createTaskRunner(openSql);
  const run: RunTask = async (task) => {
    if (task.type === 'day') state.days += 1;
    return runHere(task);
  };
  const store = openStore(makeFolder(), () => state.nowMs, { runElsewhere: run });
  const counted = async (): Promise<number | undefined> => {
    const range = { fromMs: DAY, toMs: DAY + 4 * DAY_MS, stepMs: DAY_MS };
    const rest = { group: [], where: [], histogram: false, limit: 500 };
    const ask = { metric: DURATION, service: undefined, level: 'hour', ...range, ...rest } as const;
    const total = (await store.query(ask))?.groups[0]?.total;
    return total !== undefined && 'count' in total ? total.count : undefined;
  };
  return { store, state, counted };
}

it('a day is made again once an hour at most, and is told whole meanwhile', async () => {
  const { store, state, counted } = open(DAY + DAY_MS + HOUR_MS);
  await commit(store, [onDay(0, 1)]);
  await store.maintain();
  expect(state.days).toBe(1);
  state.nowMs += HOUR_MS;
  for (let late = 0; late < 20; late++) {
    await commit(store, [onDay(0, 2 + late)]);
    await store.maintain();
    state.nowMs += 60_000;
    expect(await counted()).toBe(3 * (2 + late));
  }
  expect(state.days).toBe(2);
  state.nowMs += HOUR_MS;
  await store.maintain();
  expect(state.days).toBe(3);
  await store.close();
});
