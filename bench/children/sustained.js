/**
 * Child of the sustained harness: makes records at a fixed rate, a millisecond's worth at a time, and times each
 * call. Without the agent the calls do nothing, which shows what the machine itself does to such a loop.
 * Task: { seed, settleMs, ratePerSecond, durationMs, isRecorded }.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { HTTP_SERVER_REQUEST_DURATION } from '../../dist/shared/metrics.js';
import { processCpuUs, settleSchedstat, threadCpuUs } from '../machine/proc.js';
import { createRandom, latenciesUs } from '../statistics/random.js';
import { startRecorder } from './start-recorder.js';

const SERIES = 100;
const VALUES = 4096;
const TURN_MS = 1;
const READY_MS_MAX = 30_000;

const task = JSON.parse(process.argv[2] ?? '{}');
const values = latenciesUs(VALUES, createRandom(task.seed, 'sustained'));
const total = Math.round((task.ratePerSecond * task.durationMs) / 1000);

const agent = task.isRecorded ? startRecorder() : undefined;
const recorder = agent?.recorder ?? { series: () => 0, record: () => {} };
const ids = Array.from({ length: SERIES }, (_, i) =>
  recorder.series(HTTP_SERVER_REQUEST_DURATION, ['GET', `/resource-${i}/:id`, '2xx']),
);
await sleep(task.settleMs);
await untilReady();

const before = readCpu();
const { elapsedMs, longestCallMs } = await makeRecords();
const after = readCpu();
const { written, dropped } = agent?.counts() ?? { written: 0, dropped: 0 };
console.log(
  JSON.stringify({
    sent: total,
    written,
    dropped,
    droppedPercent: (dropped / total) * 100,
    recordsPerSecond: (total * 1000) / elapsedMs,
    longestCallUs: longestCallMs * 1000,
    otherThreadsPercent: (after.others - before.others) / (elapsedMs * 10),
  }),
);

/** A busy machine may take longer than the settling time to start a thread. */
async function untilReady() {
  const deadlineMs = performance.now() + READY_MS_MAX;
  while (agent?.isReady() === false) {
    if (performance.now() > deadlineMs) throw new Error('expected the worker to be up by now');
    await sleep(TURN_MS);
  }
}

async function makeRecords() {
  const startMs = performance.now();
  let sent = 0;
  let longestCallMs = 0;
  while (sent < total) {
    await sleep(TURN_MS);
    let lastMs = performance.now();
    const due = Math.min(total, Math.floor(((lastMs - startMs) * task.ratePerSecond) / 1000));
    while (sent < due) {
      const series = /** @type {number} */ (ids[sent % SERIES]);
      recorder.record(series, /** @type {number} */ (values[sent % VALUES]));
      sent += 1;
      // One clock read a call: the end of this one is the beginning of the next.
      const nowMs = performance.now();
      if (nowMs - lastMs > longestCallMs) longestCallMs = nowMs - lastMs;
      lastMs = nowMs;
    }
  }
  return { elapsedMs: performance.now() - startMs, longestCallMs };
}

function readCpu() {
  settleSchedstat();
  return { others: processCpuUs(process.pid) - threadCpuUs(process.pid) };
}
