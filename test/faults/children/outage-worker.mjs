/**
 * The agent's worker, as it is built, under a clock that the application moves: what stands in the worker's
 * own timers happens when that clock comes to it, in order. The network and the disk are real, and take the
 * time they take. Posts, for each move, what the thread holds.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { getHeapStatistics } from 'node:v8';
import { workerData } from 'node:worker_threads';

const { clock, startMs } = workerData;
const { setTimeout: setReal, clearTimeout: clearReal } = globalThis;
const monotonicMs = performance.now.bind(performance);
const originMs = monotonicMs();
const tasks = new Set();
/** Of the moved clock. */
let passedMs = 0;
/** When the clock was let go; undefined while it is moved. */
let freeMs;

class Timer {
  constructor(dueMs, run) {
    this.dueMs = dueMs;
    this.run = run;
    tasks.add(this);
  }
  unref() {
    return this;
  }
}

const elapsedMs = () => passedMs + (freeMs === undefined ? 0 : monotonicMs() - freeMs);
Date.now = () => Math.floor(startMs + elapsedMs());
performance.now = () => originMs + elapsedMs();
process.hrtime = () => {
  const ms = originMs + elapsedMs();
  return [Math.floor(ms / 1000), Math.round((ms % 1000) * 1e6)];
};
globalThis.setTimeout = (run, delayMs, ...values) =>
  freeMs === undefined
    ? new Timer(passedMs + delayMs, () => run(...values))
    : setReal(run, delayMs, ...values);
globalThis.clearTimeout = (timer) => {
  if (!(timer instanceof Timer)) return clearReal(timer);
  tasks.delete(timer);
  clearReal(timer.real);
};

await import('../../../dist/workers/agent-worker.js');
clock.on('message', async ({ advanceMs }) => {
  if (advanceMs === undefined) letGo();
  else await advance(advanceMs);
  clock.postMessage(look());
});

async function advance(byMs) {
  const endMs = passedMs + byMs;
  for (;;) {
    await turn();
    const [next] = [...tasks].sort((a, b) => a.dueMs - b.dueMs);
    if (next === undefined || next.dueMs > endMs) break;
    tasks.delete(next);
    passedMs = Math.max(passedMs, next.dueMs);
    next.run();
  }
  passedMs = endMs;
}

/** From now on time passes by itself. */
function letGo() {
  freeMs = monotonicMs();
  for (const timer of tasks) {
    timer.real = setReal(timer.run, timer.dueMs - passedMs);
    timer.real.unref();
  }
}

function look() {
  const { used_heap_size, external_memory, heap_size_limit } = getHeapStatistics();
  return {
    heapBytes: used_heap_size,
    externalBytes: external_memory,
    heapBytesMax: heap_size_limit,
  };
}
