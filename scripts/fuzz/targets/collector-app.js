/** A collector without sockets, for targets that ask its routes: store, limits and all. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDashboard } from '../../../dist/collector/dashboard/dashboard.js';
import { createApp } from '../../../dist/collector/http/create-app.js';
import {
  createByteBudget,
  IN_FLIGHT_BYTES_MAX,
} from '../../../dist/collector/ingest/byte-budget.js';
import { createGroupCommit } from '../../../dist/collector/ingest/group-commit.js';
import { openRecommendationBook } from '../../../dist/collector/recommendations/book.js';
import { RETENTION_DEFAULT } from '../../../dist/collector/store/data-folder.js';
import { EmbeddedStore } from '../../../dist/collector/store/embedded-store.js';
import { CARDINALITY_DEFAULT } from '../../../dist/collector/store/file-index.js';
import { loadSqlDriver } from '../../../dist/collector/store/sql-driver.js';
import { openAccess } from '../../../dist/collector/tokens/open-access.js';

/** The golden batches are of that time. */
export const NOW_MS = 1_700_000_030_000;

/**
 * What a client may be answered. Other statuses, and anything in the log, are our fault.
 * @type {ReadonlySet<number>}
 */
const STATUSES = new Set([200, 400, 401, 403, 404, 413, 415, 422]);

/**
 * @typedef {object} Body
 * @property {{ code: string, message: string }} [error] Of a request that is refused.
 * @property {boolean} [duplicate] Of a batch that is taken.
 */

export async function openCollectorApp() {
  const folder = mkdtempSync(join(tmpdir(), 'tacho-fuzz-'));
  const now = () => NOW_MS;
  const store = new EmbeddedStore({
    folder,
    openSql: await loadSqlDriver(),
    now,
    retention: RETENTION_DEFAULT,
    limits: CARDINALITY_DEFAULT,
    runElsewhere: undefined,
  });
  const budget = createByteBudget(IN_FLIGHT_BYTES_MAX);
  /** @type {string[]} */
  const log = [];
  const say = (/** @type {string} */ line) => void log.push(line);
  const dashboard = openDashboard({ ...openAccess('127.0.0.1', { folder }, say), now });
  const app = createApp({
    store,
    ingest: { store, commit: createGroupCommit(store), rateLimit: () => 0, budget, now },
    host: '127.0.0.1',
    allowedHosts: [],
    dashboard,
    book: openRecommendationBook(folder, say),
    retention: RETENTION_DEFAULT,
    now,
    log: say,
  });
  return {
    /**
     * Asks, and checks what every answer promises.
     * @param {string} path
     * @param {RequestInit} [init]
     */
    async ask(path, init = {}) {
      const headers = { host: 'localhost', ...init.headers };
      const answer = await app.request(path, { ...init, headers });
      const body = /** @type {Body} */ (await answer.json());
      if (log.length > 0) throw new Error(`the log says: ${log.splice(0).join('\n')}`);
      if (!STATUSES.has(answer.status)) throw new Error(`answered ${answer.status}`);
      if (answer.ok !== (body.error === undefined)) throw new Error('status and body disagree');
      if (budget.takenBytes !== 0) throw new Error(`${budget.takenBytes} bytes are not given back`);
      const { code, message } = body.error ?? { code: '', message: '' };
      return { status: answer.status, body, said: `${answer.status} ${code} ${message}` };
    },
    async close() {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
