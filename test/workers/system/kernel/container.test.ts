import { describe, expect, it } from 'vitest';
import { createSystemSampler } from '../../../../src/workers/system/system-sampler.js';
import { copyFixture } from '../fixture-tree.js';
import { createRecordingSink } from '../recording-sink.js';

function start(fixture: string) {
  const tree = copyFixture(`cgroup/${fixture}`);
  const sink = createRecordingSink();
  let nowMs = 1000;
  const clock = () => nowMs;
  const sampler = createSystemSampler({ sampler: 'kernel', sink, root: tree.root, clock });
  const sampleAfter = (ms: number) => {
    nowMs += ms;
    void sampler.sampleFast();
  };
  void sampler.sampleFast();
  return { tree, sink, sampler, sampleAfter };
}

function containerNames(sink: { names(): string[] }): string[] {
  return sink.names().filter((name) => name.startsWith('container.'));
}

describe('the container', () => {
  it('is the Docker group of cgroup v2, with limits, usage without cache and throttling', () => {
    const { tree, sink, sampleAfter } = start('v2-docker');
    expect(sink.last('container.memory.usage{}')).toBe(73_400_320 - 10_485_760);
    expect(sink.last('container.memory.limit{}')).toBe(536_870_912);
    expect(sink.last('container.memory.utilization{}')).toBe(1172);
    expect(sink.last('container.cpu.limit{}')).toBe(20_000);
    expect(sink.sum('container.cpu.time{}')).toBeNaN();

    tree.write(
      'sys/fs/cgroup/cpu.stat',
      'usage_usec 13345678\nuser_usec 1\nsystem_usec 1\nnr_periods 4331\nnr_throttled 90\nthrottled_usec 5200000\n',
    );
    sampleAfter(2000);
    expect(sink.sum('container.cpu.time{}')).toBe(1_000_000);
    // One second of CPU in two seconds of two cores.
    expect(sink.last('container.cpu.utilization{}')).toBe(2500);
    expect(sink.sum('container.cpu.throttled.periods{}')).toBe(3);
    expect(sink.sum('container.cpu.throttled.time{}')).toBe(76_544);
  });

  it('is the Docker group of cgroup v1, whose path is the host’s while only it is mounted', () => {
    const { tree, sink, sampleAfter } = start('v1-docker');
    expect(sink.last('container.memory.usage{}')).toBe(62_914_560 - 10_485_760);
    expect(sink.last('container.memory.limit{}')).toBe(268_435_456);
    expect(sink.last('container.cpu.limit{}')).toBe(15_000);
    tree.write('sys/fs/cgroup/cpu,cpuacct/cpuacct.usage', '74849201834\n');
    tree.write(
      'sys/fs/cgroup/cpu,cpuacct/cpu.stat',
      'nr_periods 1210\nnr_throttled 36\nthrottled_time 1988654321\n',
    );
    sampleAfter(1000);
    expect(sink.sum('container.cpu.time{}')).toBe(1_000_000);
    expect(sink.last('container.cpu.utilization{}')).toBe(6667);
    expect(sink.sum('container.cpu.throttled.periods{}')).toBe(2);
    expect(sink.sum('container.cpu.throttled.time{}')).toBe(1000);
  });

  it('is the innermost group when its limit is the tightest (Kubernetes)', () => {
    const { sink } = start('v2-kubernetes');
    expect(sink.last('container.memory.limit{}')).toBe(1_073_741_824);
    expect(sink.last('container.memory.usage{}')).toBe(209_715_200 - 52_428_800);
    expect(sink.last('container.cpu.limit{}')).toBe(5000);
  });

  it('is the slice that carries the limit when the service itself has none', () => {
    const { tree, sink, sampleAfter } = start('v2-systemd-slice');
    expect(sink.last('container.memory.limit{}')).toBe(629_145_600);
    // The slice's own usage: its limit is shared with its other services.
    expect(sink.last('container.memory.usage{}')).toBe(419_430_400 - 104_857_600);
    expect(sink.last('container.memory.utilization{}')).toBe(5000);
    expect(sink.last('container.cpu.limit{}')).toBe(15_000);
    tree.write('sys/fs/cgroup/shop.slice/cpu.stat', 'usage_usec 83000000\n');
    sampleAfter(2000);
    expect(sink.sum('container.cpu.time{}')).toBe(3_000_000);
    expect(sink.last('container.cpu.utilization{}')).toBe(10_000);
  });

  it('has usage and no limit metrics in a group without limits', () => {
    const { sink, sampleAfter } = start('v2-no-limit');
    sampleAfter(2000);
    expect(sink.last('container.memory.usage{}')).toBe(104_857_600 - 20_971_520);
    expect(sink.sum('container.cpu.time{}')).toBe(0);
    expect(containerNames(sink).sort()).toEqual(['container.cpu.time', 'container.memory.usage']);
  });

  it('is not reported in the root group of cgroup v2', () => {
    const { sink, sampleAfter } = start('v2-root');
    sampleAfter(2000);
    expect(containerNames(sink)).toEqual([]);
  });

  it('is found controller by controller in a hybrid tree: memory in a group, CPU in the root', () => {
    const { sink, sampleAfter } = start('v1-hybrid-microvm');
    sampleAfter(2000);
    expect(containerNames(sink)).toEqual(['container.memory.usage']);
  });

  it('is not reported without control groups', () => {
    const { tree, sampler, sink } = start('v2-docker');
    const before = sink.values.size;
    sampler.close();
    tree.remove('sys');
    const bare = createRecordingSink();
    const other = createSystemSampler({
      sampler: 'kernel',
      sink: bare,
      root: tree.root,
      clock: () => 0,
    });
    void other.sampleFast();
    expect(before).toBeGreaterThan(0);
    expect(containerNames(bare)).toEqual([]);
  });

  it('follows a limit that is changed while the process runs, at the slow tier', async () => {
    const { tree, sink, sampler, sampleAfter } = start('v2-docker');
    tree.write('sys/fs/cgroup/memory.max', '268435456\n');
    sampleAfter(2000);
    expect(sink.last('container.memory.limit{}')).toBe(536_870_912);
    await sampler.sampleSlow();
    sampleAfter(2000);
    expect(sink.last('container.memory.limit{}')).toBe(268_435_456);
  });

  it('starts a new baseline when the process is moved to another group', async () => {
    const { tree, sink, sampler, sampleAfter } = start('v2-no-limit');
    tree.write('proc/self/cgroup', '0::/system.slice\n');
    await sampler.sampleSlow();
    sampleAfter(2000);
    expect(sink.last('container.memory.usage{}')).toBe(500_000_000);
    // 800 s of CPU time of the new group are not an addition to the 30 s of the old one.
    expect(sink.sum('container.cpu.time{}')).toBeNaN();
  });

  it('restarts the baseline when a counter runs backwards, and adds nothing', () => {
    const { tree, sink, sampleAfter } = start('v2-docker');
    tree.write('sys/fs/cgroup/cpu.stat', 'usage_usec 1000\n');
    sampleAfter(2000);
    expect(sink.sum('container.cpu.time{}')).toBeNaN();
    tree.write('sys/fs/cgroup/cpu.stat', 'usage_usec 1500\n');
    sampleAfter(2000);
    expect(sink.sum('container.cpu.time{}')).toBe(500);
  });
});
