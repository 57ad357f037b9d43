/**
 * The ledger when the worker dies at any point: real threads, ended at random moments while records
 * come in. Needs `npm run build`: workers run from dist/.
 */
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Recorder } from '../../src/agent/recorder.js';
import { RingWriter } from '../../src/agent/ring-writer.js';
import {
  CONTROL_BYTES,
  controlWords,
  FLUSH_DONE,
  laneWords,
  READY,
} from '../../src/shared/control-layout.js';
import { DNS_LOOKUP_DURATION } from '../../src/shared/metrics.js';
import { resolveOptions } from '../../src/shared/resolve-options.js';
import type { WorkerStart } from '../../src/shared/worker-protocol.js';
import { decodeBatch } from '../../src/transport/decode-batch.js';
import { LaneAccount } from '../../src/transport/lane-account.js';
import { decodeSpoolFile } from '../../src/transport/spool-file.js';
import { DrainJournal } from '../../src/workers/drain-journal.js';
import { Ledger } from '../../src/workers/ledger.js';
import { RingReader } from '../../src/workers/ring-reader.js';
import { Window } from '../../src/workers/window.js';
import { makeFolder } from '../support/run-app.js';
import { answer, TestServer } from '../transport/test-server.js';

const DIST = new URL('../../dist/', import.meta.url);
/** Records in a ring of the smallest size before it refuses some. */
const RING_BYTES = 8 * 1024;

/** An application thread that records in bursts and knows how often it did. */
class Producer {
  readonly ring = new RingWriter(RING_BYTES, 100, 0);
  readonly #recorder = new Recorder(this.ring, 100, () => undefined);
  readonly #series = this.#recorder.series(DNS_LOOKUP_DURATION, ['a.example']);
  recorded = 0;

  burst(): void {
    const records = Math.floor(Math.random() * 400);
    for (let i = 0; i < records; i++) this.#recorder.record(this.#series, i);
    this.recorded += records;
  }
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

describe('the drain of a ring', () => {
  it('counts each record once, at whatever point the thread that drains is ended', async () => {
    const control = new SharedArrayBuffer(CONTROL_BYTES);
    const producer = new Producer();
    for (let round = 0; round < 120 || producer.recorded <= 100_000; round++) {
      const worker = new Worker(new URL('../fixtures/threads/drain.mjs', import.meta.url), {
        workerData: { control, ring: producer.ring.buffer },
      });
      await once(worker, 'message');
      const endMs = performance.now() + Math.random() * 4;
      while (performance.now() < endMs) producer.burst();
      await worker.terminate();
    }
    const ledger = new Ledger(control);
    const window = new Window({ digits: 2, seriesMax: 100 });
    const reader = new RingReader(
      producer.ring.buffer,
      (series) => window.cell(series),
      new DrainJournal(control),
    );
    reader.drain();
    expect(producer.recorded).toBeGreaterThan(100_000);
    expect(ledger.recorded(reader.pending)).toBe(producer.recorded);
  }, 120_000);
});

describe('the agent’s worker', () => {
  const folder = makeFolder();
  let server: TestServer;
  beforeAll(async () => {
    // Every fourth acknowledgement is lost on its way: those batches come twice.
    server = await TestServer.start((response, request, index) => {
      if (index % 4 === 3) response.destroy();
      else answer(200)(response, request, index);
    });
  });
  afterAll(async () => {
    await server.stop();
    folder.remove();
  });

  it('leaves a ledger that adds up, at whatever points it is ended', async () => {
    const control = new SharedArrayBuffer(CONTROL_BYTES);
    const producer = new Producer();
    const start = startOf(control, producer.ring.buffer);
    const feed = setInterval(() => producer.burst(), 3);
    for (let restarts = 0; restarts < 40; restarts++) {
      const worker = await startWorker({ ...start, restarts });
      await sleep(Math.random() * 200);
      await worker.terminate();
      Atomics.store(controlWords(control), READY, 0);
    }
    clearInterval(feed);
    const last = await startWorker({ ...start, restarts: 40 });
    // Enough for the backlog of all before it, also past a backoff.
    await sleep(4000);
    last.postMessage({ type: 'flush', timeoutMs: 4000 });
    while (Atomics.load(controlWords(control), FLUSH_DONE) === 0) await sleep(20);
    await last.terminate();

    const ledger = new Ledger(control);
    const account = new LaneAccount(laneWords(control, 0));
    const dropped = sum(ledger.dropped) + sum(account.dropped);
    expect(ledger.inWindow).toBe(0);
    const waiting = waitingRecords(join(folder.path, 'spool'));
    expect(account.delivered + dropped + waiting).toBe(ledger.recorded(0));

    // What is counted as delivered is there; what is not there is counted as dropped.
    const received = receivedRecords(server);
    expect(account.delivered).toBeLessThanOrEqual(received);
    expect(received + dropped + waiting).toBeGreaterThanOrEqual(ledger.recorded(0));
    expect(ledger.recorded(0)).toBeGreaterThanOrEqual(producer.recorded);
    expect(account.delivered).toBeGreaterThan(0);
  }, 120_000);

  function startOf(control: SharedArrayBuffer, ring: SharedArrayBuffer): WorkerStart {
    const { options } = resolveOptions({
      TACHOGRAPH_URL: server.url,
      TACHOGRAPH_SPOOL_DIR: join(folder.path, 'spool'),
      TACHOGRAPH_SAMPLER: 'off',
    });
    return {
      tachographWorker: true,
      // Shorter than a user may choose, so that ends fall into every phase.
      options: { ...options, windowMs: 60 },
      facts: {
        boot: 'b9f2f6b2-6f5c-4d0e-9a43-0a0f6f1f3c11',
        startedMs: 0,
        pid: process.pid,
        cwd: folder.path,
        script: undefined,
        clusterWorker: undefined,
      },
      control,
      rings: [{ ring, slot: 0 }],
      libraries: [],
      restarts: 0,
    };
  }

  async function startWorker(start: WorkerStart): Promise<Worker> {
    const worker = new Worker(new URL('workers/agent-worker.js', DIST), { workerData: start });
    worker.on('error', () => undefined);
    const words = controlWords(start.control);
    while (Atomics.load(words, READY) === 0) await sleep(2);
    return worker;
  }
});

/** Each batch once, as a receiver that drops repeated ones keeps it. */
function receivedRecords({ received }: TestServer): number {
  const records = new Map<number, number>();
  for (const { body } of received) {
    const batch = decodeBatch(body);
    const { sequence } = batch.identity;
    if (!records.has(sequence)) records.set(sequence, batch.records);
  }
  return [...records.values()].reduce((total, count) => total + count, 0);
}

/** What a flush that met a lost acknowledgement leaves for the next start. */
function waitingRecords(spool: string): number {
  let records = 0;
  for (const name of readdirSync(spool, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.tgb')) continue;
    const parcel = decodeSpoolFile(readFileSync(join(spool, name)));
    records += typeof parcel === 'string' ? 0 : parcel.records;
  }
  return records;
}
