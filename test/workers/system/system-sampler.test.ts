import { describe, expect, it } from 'vitest';
import { chooseSource, createSystemSampler } from '../../../src/workers/system/system-sampler.js';
import { createRecordingSink } from './recording-sink.js';

const clock = () => performance.now();

describe('the choice of the source', () => {
  it('is the kernel on Linux and the library elsewhere, unless one is asked for', () => {
    expect(chooseSource('auto', 'linux')).toBe('kernel');
    expect(chooseSource('auto', 'darwin')).toBe('systeminformation');
    expect(chooseSource('systeminformation', 'linux')).toBe('systeminformation');
  });

  it('is the library where the kernel is asked for and there are no kernel files', () => {
    expect(chooseSource('kernel', 'win32')).toBe('systeminformation');
    expect(chooseSource('kernel', 'linux')).toBe('kernel');
  });

  it('is nothing when off: no metric, no promise to wait for', async () => {
    const sink = createRecordingSink();
    const sampler = createSystemSampler({ sampler: 'off', sink, clock });
    expect(sampler.source).toBe('off');
    expect(sampler.sampleFast()).toBeUndefined();
    await sampler.sampleSlow();
    expect(sink.values.size).toBe(0);
  });
});

describe('a sample', () => {
  it('of the library is one at a time: a call during one is skipped', async () => {
    const sink = createRecordingSink();
    const sampler = createSystemSampler({ sampler: 'systeminformation', sink, clock });
    const first = sampler.sampleFast();
    expect(first).toBeInstanceOf(Promise);
    expect(sampler.sampleFast()).toBeUndefined();
    await first;
    expect(sink.values.get('system.memory.limit{}')).toHaveLength(1);
    await sampler.sampleFast();
    expect(sink.values.get('system.memory.limit{}')).toHaveLength(2);
    sampler.close();
  });

  it('that fails is counted and does not throw, and the next one is taken', async () => {
    const sink = createRecordingSink();
    let isBroken = true;
    const sampler = createSystemSampler({
      sampler: 'systeminformation',
      sink: {
        ...sink,
        set(metric, value, attributes) {
          if (isBroken) throw new Error('full');
          sink.set(metric, value, attributes);
        },
      },
      clock,
    });
    await sampler.sampleFast();
    expect(sampler.failures).toBeGreaterThan(0);
    isBroken = false;
    const before = sampler.failures;
    await sampler.sampleFast();
    expect(sampler.failures).toBe(before);
    expect(sink.names()).toContain('system.memory.limit');
    sampler.close();
  });

  it('of the process has CPU time of all threads and counts seconds since its start', () => {
    const sink = createRecordingSink();
    let nowMs = 0;
    const sampler = createSystemSampler({ sampler: 'auto', sink, clock: () => nowMs });
    void sampler.sampleFast();
    const before = process.cpuUsage();
    while (process.cpuUsage(before).user < 300_000);
    nowMs = 1000;
    void sampler.sampleFast();
    const user = sink.sum('process.cpu.time{cpu.mode=user}');
    expect(user).toBeGreaterThanOrEqual(300_000);
    const busy = user + sink.sum('process.cpu.time{cpu.mode=system}');
    expect(sink.last('process.cpu.utilization{}')).toBe(Math.round(busy / 100));
    expect(sink.last('process.uptime{}')).toBe(Math.round(process.uptime()));
    sampler.close();
  });
});
