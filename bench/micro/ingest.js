/**
 * The collector's side of a batch: from the request as it arrives (gzipped) through scan, decoding and checks to the
 * commit in the embedded store, which waits for the disk. Wall time, one batch after the other.
 *
 * Owns a folder for the store, which goes with the process.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createByteBudget, IN_FLIGHT_BYTES_MAX } from '../../dist/collector/ingest/byte-budget.js';
import { createGroupCommit } from '../../dist/collector/ingest/group-commit.js';
import { ingestBatch } from '../../dist/collector/ingest/ingest-batch.js';
import { RETENTION_DEFAULT } from '../../dist/collector/store/data-folder.js';
import { EmbeddedStore } from '../../dist/collector/store/embedded-store.js';
import { CARDINALITY_DEFAULT } from '../../dist/collector/store/file-index.js';
import { loadSqlDriver } from '../../dist/collector/store/sql-driver.js';
import {
  AGENT_HEADER,
  BOOT_HEADER,
  CONTENT_TYPE,
  SEQUENCE_HEADER,
} from '../../dist/transport/batch.js';
import { encodeBatch } from '../../dist/transport/encode-batch.js';
import { busyBatch } from './batch.js';

async function openStore() {
  const folder = mkdtempSync(join(tmpdir(), 'tachograph-bench-store-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return new EmbeddedStore({
    folder,
    openSql: await loadSqlDriver(),
    now: Date.now,
    retention: RETENTION_DEFAULT,
    limits: CARDINALITY_DEFAULT,
    runElsewhere: undefined,
  });
}

/** @param {import('../../dist/transport/batch.js').Batch} batch */
function requestOf(batch) {
  const { agent, boot, sequence } = batch.identity;
  return new Request('http://bench.test/v1/batches', {
    method: 'POST',
    // The level of the agent's sender.
    body: Uint8Array.from(gzipSync(encodeBatch(batch), { level: 4 })),
    headers: {
      'content-type': CONTENT_TYPE,
      'content-encoding': 'gzip',
      [AGENT_HEADER]: agent,
      [BOOT_HEADER]: boot,
      [SEQUENCE_HEADER]: String(sequence),
    },
  });
}

/** @type {readonly import('./tasks.js').MicroTask[]} */
export const ingestTasks = [
  {
    name: 'ingestBatchNs',
    calls: 1,
    setup: async (random) => {
      const store = await openStore();
      const options = {
        store,
        commit: createGroupCommit(store),
        // The limit is about the rate of one agent, which here is as high as can be.
        rateLimit: () => 0,
        budget: createByteBudget(IN_FLIGHT_BYTES_MAX),
        now: Date.now,
      };
      const batch = busyBatch(random);
      const closedMs = Date.now();
      const startMs = closedMs - batch.durationMs;
      let sequence = 0;
      /** @type {Request} */
      let request;
      return {
        prepare() {
          sequence += 1;
          const identity = { ...batch.identity, sequence };
          request = requestOf({ ...batch, identity, startMs, closedMs });
        },
        async run() {
          const { duplicate } = await ingestBatch(request, options);
          if (duplicate) throw new Error('ingest: expected each batch to be new, got one twice');
        },
      };
    },
  },
];
