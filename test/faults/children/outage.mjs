/**
 * An application whose collector is down, from some time ago until now, in a fraction of that time: the real
 * ring, supervisor, worker and spool; for each second of the worker's clock (outage-worker.mjs) it makes
 * as many records as it is told. Needs `npm run build`.
 *
 *   outage.mjs '{ "forMs": …, "recordsPerSecond": …, "lookMs": … }'
 *
 * Prints a line of JSON each `lookMs` (an Outlook), then one with `isOver`; then waits for a line on its
 * standard input, that the collector is up, and ends when everything is delivered.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { MessageChannel } from 'node:worker_threads';
import { createRandom, latenciesUs } from '../../../bench/statistics/random.js';
import { flushAtExit } from '../../../dist/agent/exit.js';
import { Recorder } from '../../../dist/agent/recorder.js';
import { RingWriter } from '../../../dist/agent/ring-writer.js';
import { createSupervisor } from '../../../dist/agent/supervisor.js';
import { createWarn } from '../../../dist/agent/warnings.js';
import {
  CONTROL_BYTES,
  LANE_DELIVERED,
  LANE_DROPPED_CORRUPT,
  LANE_DROPPED_EVICTED,
  LANE_DROPPED_EXPIRED,
  LANE_DROPPED_OVERFLOW,
  LANE_DROPPED_REFUSED,
  LEDGER_BATCHED,
  LEDGER_SEQUENCE,
  laneWords,
  ledgerWords,
} from '../../../dist/shared/control-layout.js';
import {
  HTTP_SERVER_REQUEST_DURATION,
  HTTP_SERVER_RESPONSE_SIZE,
} from '../../../dist/shared/metrics.js';
import { resolveOptions } from '../../../dist/shared/resolve-options.js';
import { DROPPED, HEADER_BYTES } from '../../../dist/shared/ring-layout.js';
import { parseBatchName } from '../../../dist/transport/spool-name.js';

const SECOND_MS = 1000;
/** Routes of a service of some size; each answers to two methods in two ways. */
const ROUTES = 30;
const ANSWERS = [
  ['GET', '2xx'],
  ['GET', '4xx'],
  ['POST', '2xx'],
  ['POST', '5xx'],
];
const VALUES = 4096;
const DROPPED_BY = {
  evicted: LANE_DROPPED_EVICTED,
  expired: LANE_DROPPED_EXPIRED,
  overflow: LANE_DROPPED_OVERFLOW,
  refused: LANE_DROPPED_REFUSED,
  corrupt: LANE_DROPPED_CORRUPT,
};

const { forMs, recordsPerSecond, lookMs } = JSON.parse(process.argv[2] ?? '{}');
const startMs = Date.now() - forMs;
const bareRssBytes = process.memoryUsage.rss();
const { options } = resolveOptions(process.env);
const clock = leadWorkerClock();
const control = new SharedArrayBuffer(CONTROL_BYTES);
const [ledger, lane] = [ledgerWords(control), laneWords(control, 0)];
const { ring, record } = startRecorder();
const highest = { heapBytes: 0, externalBytes: 0, rssBytes: 0, spoolBytes: 0, files: 0 };
let heapBytesMax = 0;
let offered = 0;

let passedMs = 0;
while (startMs + passedMs < Date.now()) {
  for (let i = 0; i < recordsPerSecond; i++) record(offered + i);
  offered += recordsPerSecond;
  ring.beat();
  await tell({ advanceMs: SECOND_MS });
  passedMs += SECOND_MS;
  if (passedMs % lookMs === 0) print({});
}
print({ isOver: true });
await once(process.stdin, 'data');
await tell({});
while (delivered() + dropped() < ledger[LEDGER_BATCHED] || look().waiting > 0) await sleep(100);
process.stdin.destroy();
clock.close();
print({});

/** Has the supervisor start the worker of this folder; gives the end of its clock. */
function leadWorkerClock() {
  const threads = process.getBuiltinModule('node:worker_threads');
  const { Worker } = threads;
  const { port1, port2 } = new MessageChannel();
  const file = new URL('./outage-worker.mjs', import.meta.url);
  threads.Worker = class extends Worker {
    constructor(_file, terms) {
      const workerData = { ...terms.workerData, clock: port2, startMs };
      super(file, { ...terms, workerData, transferList: [port2] });
    }
  };
  return port1;
}

/** As src/agent/agent.ts does it, without probes: the records are made here. */
function startRecorder() {
  const warn = createWarn(options.log);
  const writer = new RingWriter(options.ringBytes, options.seriesMax, 0);
  const recorder = new Recorder(writer, options.seriesMax, () => warn('TACHO_SERIES_LIMIT', ''));
  const facts = () => ({
    boot: randomUUID(),
    startedMs: startMs,
    pid: process.pid,
    cwd: process.cwd(),
    script: process.argv[1],
    clusterWorker: undefined,
  });
  const rings = () => [{ ring: writer.buffer, slot: 0 }];
  const base = { tachographWorker: true, options, control };
  const supervisor = createSupervisor(base, { facts, rings, libraries: () => [] }, warn);
  flushAtExit(control, options.exitTimeoutMs, (message) => supervisor.post(message), warn);
  supervisor.start();
  const values = latenciesUs(VALUES, createRandom(1, 'outage'));
  const series = [HTTP_SERVER_REQUEST_DURATION, HTTP_SERVER_RESPONSE_SIZE].flatMap((metric) =>
    Array.from({ length: ROUTES }, (_, route) =>
      ANSWERS.map(([method, status]) =>
        recorder.series(metric, [method, `/api/v1/resource-${route}/:id`, status]),
      ),
    ).flat(),
  );
  return {
    ring: writer,
    record: (index) => recorder.record(series[index % series.length], values[index % VALUES]),
  };
}

/** A move of the worker's clock, and what the thread held after it. */
async function tell(message) {
  clock.postMessage(message);
  const [held] = await once(clock, 'message');
  heapBytesMax = held.heapBytesMax;
  raise({ ...held, rssBytes: process.memoryUsage.rss() });
}

function raise(found) {
  for (const name of Object.keys(highest)) {
    if (found[name] > highest[name]) highest[name] = found[name];
  }
}

function delivered() {
  return lane[LANE_DELIVERED];
}

function dropped() {
  return Object.values(DROPPED_BY).reduce((sum, word) => sum + lane[word], 0);
}

/** What the spool holds, by the file system and by nobody's account. */
function look() {
  let [spoolBytes, files, waiting, oldestMs] = [0, 0, 0, Number.POSITIVE_INFINITY];
  if (options.spoolBytesMax === 0) return { spoolBytes, files, waiting, oldestMs };
  for (const name of readdirSync(options.spoolDir, { recursive: true })) {
    const stat = statSync(join(options.spoolDir, name), { throwIfNoEntry: false });
    if (stat === undefined || stat.isDirectory()) continue;
    files += 1;
    spoolBytes += stat.size;
    const batch = parseBatchName(name.slice(name.lastIndexOf('/') + 1));
    waiting += batch?.records ?? 0;
    oldestMs = Math.min(oldestMs, batch?.closedMs ?? oldestMs);
  }
  return { spoolBytes, files, waiting, oldestMs };
}

function print(more) {
  const { waiting, oldestMs, ...found } = look();
  raise(found);
  const header = new Int32Array(ring.buffer, 0, HEADER_BYTES / 4);
  const droppedBy = Object.entries(DROPPED_BY).map(([name, word]) => [name, lane[word]]);
  const outlook = {
    passedMs,
    windows: ledger[LEDGER_SEQUENCE],
    offered,
    refusedByRing: header[DROPPED] >>> 0,
    batched: ledger[LEDGER_BATCHED],
    delivered: delivered(),
    dropped: Object.fromEntries(droppedBy),
    waiting,
    oldestAgeMs: Number.isFinite(oldestMs) ? startMs + passedMs - oldestMs : 0,
    ringBytes: ring.buffer.byteLength,
    heapBytesMax,
    bareRssBytes,
    rssBytes: process.memoryUsage.rss(),
    highest,
    ...more,
  };
  console.log(JSON.stringify(outlook));
}
