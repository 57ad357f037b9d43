import { afterEach, expect, it } from 'vitest';
import { estimateRows } from '../../../src/collector/query/estimate-rows.js';
import { FileSet } from '../../../src/collector/store/file-set.js';
import { DAY_MS, DURATION, HOUR_MS, makeBatch } from '../make-batch.js';
import { commit, makeFolder, openSql, openStore, removeFolders } from '../store/store-folder.js';

const FIRST = Date.UTC(2026, 10, 1);
const DAYS = 20;
const DEPLOYS_A_DAY = 5;

afterEach(removeFolders);

it('of many processes that lived one after the other is that of a few', async () => {
  const folder = makeFolder();
  const store = openStore(folder, () => FIRST + DAYS * DAY_MS);
  const batches = Array.from({ length: DAYS * DEPLOYS_A_DAY }, (_, i) => {
    const startMs = FIRST + i * (DAY_MS / DEPLOYS_A_DAY);
    return makeBatch({ boot: `boot-${i}`, startMs, sequence: 1, routes: { '/a': [1] } });
  });
  await commit(store, batches);
  await store.maintain();
  await store.close();
  const files = new FileSet(folder, openSql);
  try {
    const readers = files.readers();
    const hours = readers.find(({ level }) => level === 'hour')!;
    const processes = hours.file.sql.prepare('SELECT count(*) AS count FROM processes').get([]);
    expect(processes?.count).toBe(DAYS * DEPLOYS_A_DAY);
    const guess = estimateRows(readers, {
      ...{ metric: DURATION, service: undefined, level: 'hour', stepMs: HOUR_MS },
      ...{ fromMs: FIRST, toMs: FIRST + DAYS * DAY_MS, group: [], where: [] },
      ...{ histogram: false, limit: 10 },
    });
    expect(guess).toBe(DAYS * 24 * DEPLOYS_A_DAY);
  } finally {
    files.close();
  }
});
