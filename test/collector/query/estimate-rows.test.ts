/** The guess of how many rows a query reads, beside how many there are. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { estimateRows } from '../../../src/collector/query/estimate-rows.js';
import { RETENTION_DEFAULT } from '../../../src/collector/store/data-folder.js';
import { EmbeddedStore } from '../../../src/collector/store/embedded-store.js';
import { CARDINALITY_DEFAULT } from '../../../src/collector/store/file-index.js';
import { FileSet } from '../../../src/collector/store/file-set.js';
import { loadSqlDriver } from '../../../src/collector/store/sql-driver.js';
import { DAY_MS, DURATION, HOUR_MS, makeBatch } from '../make-batch.js';

const FIRST = Date.UTC(2026, 10, 1);
const DAYS = 20;
const DEPLOYS_A_DAY = 5;
const openSql = await loadSqlDriver();
const folder = mkdtempSync(join(tmpdir(), 'tacho-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('of many processes that lived one after the other is that of a few', async () => {
  const store = new EmbeddedStore({
    folder,
    openSql,
    now: () => FIRST + DAYS * DAY_MS,
    retention: RETENTION_DEFAULT,
    limits: CARDINALITY_DEFAULT,
    runElsewhere: undefined,
  });
  const received = Array.from({ length: DAYS * DEPLOYS_A_DAY }, (_, i) => {
    const startMs = FIRST + i * (DAY_MS / DEPLOYS_A_DAY);
    const batch = makeBatch({ boot: `boot-${i}`, startMs, sequence: 1, routes: { '/a': [1] } });
    return { batch, receivedMs: batch.closedMs + 5 };
  });
  await store.commit(received);
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
