import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CompiledSampler, compileSampler } from './compiled-sampler.js';

describe.runIf(process.platform === 'linux')('in a worker thread', () => {
  let compiled: CompiledSampler;
  beforeAll(() => {
    compiled = compileSampler();
  });
  afterAll(() => compiled.remove());

  it('the CPU, size and uptime are those of the whole process, whose main thread is blocked', () => {
    const worker = compiled.script(
      'worker.js',
      `
const { parentPort, workerData: spent } = await import('node:worker_threads');
const sampler = createSystemSampler({ sampler: 'kernel', sink, clock });
sampler.sampleFast();
parentPort.postMessage('go');
// The main thread cannot say it: it is blocked, however long its work takes on a busy machine.
while (Atomics.load(spent, 0) === 0) await new Promise((resolve) => setTimeout(resolve, 50));
sampler.sampleFast();
parentPort.postMessage(seen);
`,
    );
    const main = compiled.script(
      'main.js',
      `
const { Worker } = await import('node:worker_threads');
const spent = new Int32Array(new SharedArrayBuffer(4));
const worker = new Worker(${JSON.stringify(worker)}, { workerData: spent });
worker.on('message', (message) => {
  if (message !== 'go') return console.log(JSON.stringify({ ...message, rss: process.memoryUsage.rss() }));
  const end = process.cpuUsage().user + 700_000;
  const deadline = performance.now() + 30_000;
  while (process.cpuUsage().user < end && performance.now() < deadline);
  Atomics.store(spent, 0, 1);
  busyFor(300);
});
`,
    );
    const seen = JSON.parse(execFileSync(process.execPath, [main], { encoding: 'utf8' }));
    // The worker slept: this is the main thread's time.
    expect(seen['process.cpu.time{cpu.mode=user}']).toBeGreaterThan(200_000);
    // A share of the wall clock: small on a busy machine.
    expect(seen['process.cpu.utilization{}']).toBeGreaterThan(0);
    expect(seen['process.uptime{}']).toBeGreaterThan(0);
    expect(Math.abs(seen['process.memory.usage{}'] - seen.rss)).toBeLessThan(16 * 1024 * 1024);
  });
});
