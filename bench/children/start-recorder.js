/**
 * The agent without its probes, for a process that makes the records itself: the real ring, worker, sender and exit,
 * put together as src/agent/agent.ts does. Options come from the environment.
 */
import { randomUUID } from 'node:crypto';
import { createAfterStart } from '../../dist/agent/after-start.js';
import { flushAtExit } from '../../dist/agent/exit.js';
import { startHeart } from '../../dist/agent/heart.js';
import { Recorder } from '../../dist/agent/recorder.js';
import { RingWriter } from '../../dist/agent/ring-writer.js';
import { createSupervisor } from '../../dist/agent/supervisor.js';
import { startTicker } from '../../dist/agent/ticker.js';
import { createWarn } from '../../dist/agent/warnings.js';
import { CONTROL_BYTES, controlWords, READY } from '../../dist/shared/control-layout.js';
import { resolveOptions } from '../../dist/shared/resolve-options.js';
import { DROPPED, HEAD, HEADER_BYTES } from '../../dist/shared/ring-layout.js';

/**
 * @typedef {object} BenchRecorder
 * @property {Recorder} recorder
 * @property {() => boolean} isReady Whether the worker drains.
 * @property {() => { written: number, dropped: number }} counts As the ring counts them, since the start.
 */

/** @returns {BenchRecorder} */
export function startRecorder() {
  const { options } = resolveOptions(process.env);
  const warn = createWarn(options.log);
  const ring = new RingWriter(options.ringBytes, options.seriesMax, 0);
  const header = new Int32Array(ring.buffer, 0, HEADER_BYTES / 4);
  const firstHead = Atomics.load(header, HEAD);
  const recorder = new Recorder(ring, options.seriesMax, () => warn('TACHO_SERIES_LIMIT', ''));
  startHeart(
    ring,
    startTicker(options.sampleIntervalMs, createAfterStart(), warn),
    options.stallThresholdMs,
  );

  const control = new SharedArrayBuffer(CONTROL_BYTES);
  const supervisor = createSupervisor(
    { tachographWorker: true, options, control },
    { facts: processFacts, rings: () => [{ ring: ring.buffer, slot: 0 }], libraries: () => [] },
    warn,
  );
  flushAtExit(control, options.exitTimeoutMs, (message) => supervisor.post(message), warn);
  supervisor.start();

  return {
    recorder,
    isReady: () => Atomics.load(controlWords(control), READY) === 1,
    counts: () => ({
      written: (Atomics.load(header, HEAD) - firstHead) >>> 0,
      dropped: Atomics.load(header, DROPPED) >>> 0,
    }),
  };
}

function processFacts() {
  return {
    boot: randomUUID(),
    startedMs: Math.round(performance.timeOrigin),
    pid: process.pid,
    cwd: process.cwd(),
    script: process.argv[1],
    clusterWorker: undefined,
  };
}
