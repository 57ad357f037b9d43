import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Collector, startCollector } from '../../src/collector/start-collector.js';
import { loadSqlDriver, type SqlDatabase } from '../../src/collector/store/sql-driver.js';
import { backoffDelayMs } from '../../src/transport/backoff.js';
import { makeBatch, send } from './make-batch.js';

const NOW = Date.UTC(2026, 10, 23, 12);
const openSql = await loadSqlDriver();
let folder = '';
let collector: Collector | undefined;

afterEach(async () => {
  await collector?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** SQLite's own limit of pages fails as a full disk does: SQLITE_FULL, in the middle of a commit. */
function limitPages(databases: readonly SqlDatabase[], pages: number): void {
  for (const database of databases) database.exec(`PRAGMA max_page_count = ${pages}`);
}

describe('a full disk', () => {
  it('is answered with 503, leaves reading possible, and heals by itself', async () => {
    folder = mkdtempSync(join(tmpdir(), 'tacho-'));
    const databases: SqlDatabase[] = [];
    collector = await startCollector({
      folder,
      port: 0,
      queryThreads: 0,
      now: () => NOW,
      openSql: (path) => {
        const database = openSql(path);
        if (path.includes('raw-')) databases.push(database);
        return database;
      },
    });
    const { url } = collector;
    const values = Array.from({ length: 500 }, (_, i) => i * i * 7);
    const batchOf = (sequence: number) =>
      makeBatch({
        startMs: NOW - 10_000,
        sequence,
        routes: Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`/r${i}`, values])),
      });
    const count = async (): Promise<number> => {
      const response = await fetch(`${url}/v1/query?metric=http.server.request.duration`);
      const body = (await response.json()) as { groups: { total: { count: number } }[] };
      return body.groups[0]?.total.count as number;
    };

    expect((await send(url, batchOf(1))).status).toBe(200);
    limitPages(databases, 40);
    const refused: number[] = [];
    let stored = 1;
    for (let sequence = 2; sequence <= 20; sequence++) {
      const answer = await send(url, batchOf(sequence));
      if (answer.status === 200) stored += 1;
      else {
        expect(answer.status).toBe(503);
        const retryAfterMs = Number(answer.headers.get('retry-after')) * 1000;
        expect(retryAfterMs).toBeGreaterThanOrEqual(1000);
        // Whoever is told so has a new batch here within 15 s of the moment when there is room.
        expect(backoffDelayMs(60, retryAfterMs, () => 1)).toBeLessThan(15_000);
        refused.push(sequence);
      }
    }
    expect(refused.length).toBeGreaterThan(5);
    expect(await count()).toBe(stored * 10_000);
    expect((await fetch(`${url}/v1/ledger`)).status).toBe(200);

    limitPages(databases, 1_000_000);
    for (let sequence = 1; sequence <= 20; sequence++) {
      const answer = await send(url, batchOf(sequence));
      expect(await answer.json()).toEqual({ duplicate: !refused.includes(sequence) });
    }
    expect(await count()).toBe(200_000);
    const { processes } = (await (await fetch(`${url}/v1/ledger`)).json()) as {
      processes: unknown[];
    };
    expect(processes).toMatchObject([{ received: 200_000, batches: 20, balanced: true }]);
  });
});
