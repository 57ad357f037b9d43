import { statfsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createSystemSampler } from '../../../../src/workers/system/system-sampler.js';
import { copyFixture } from '../fixture-tree.js';
import { createRecordingSink } from '../recording-sink.js';

function start(fixture: string) {
  const tree = copyFixture(`proc/${fixture}`);
  const sink = createRecordingSink();
  const sampler = createSystemSampler({
    sampler: 'kernel',
    sink,
    root: tree.root,
    clock: () => performance.now(),
  });
  void sampler.sampleFast();
  return { tree, sink, sampler };
}

const DISK = (device: string, direction: string) =>
  `disk.io.direction=${direction},system.device=${device}`;
const LINK = (name: string, direction: string) =>
  `network.interface.name=${name},network.io.direction=${direction}`;

const CPU_LINE = 'cpu  2255947 34901 1100333 98231304 41190 130 33229 9031 5000 12\n';

describe('the host', () => {
  it('reports no counter at the first sample, which only sets the baseline', () => {
    const { sink } = start('large-host');
    expect(sink.names().filter((name) => /\.(io|time|packets|operations)$/.test(name))).toEqual([]);
  });

  it('reports CPU time by mode and its utilization, and lets iowait run backwards', () => {
    const { tree, sink, sampler } = start('large-host');
    tree.write('proc/stat', CPU_LINE);
    void sampler.sampleFast();
    expect(sink.sum('system.cpu.time{cpu.mode=user}')).toBe(1_000_000);
    expect(sink.sum('system.cpu.time{cpu.mode=system}')).toBe(1_000_000);
    expect(sink.sum('system.cpu.time{cpu.mode=idle}')).toBe(3_000_000);
    expect(sink.sum('system.cpu.time{cpu.mode=nice}')).toBe(0);
    expect(sink.sum('system.cpu.time{cpu.mode=interrupt}')).toBe(200_000);
    expect(sink.sum('system.cpu.time{cpu.mode=steal}')).toBe(100_000);
    expect(sink.sum('system.cpu.time{cpu.mode=iowait}')).toBeNaN();
    // 2.3 s busy of 5.3 s; guest time is inside user time and not added to it.
    expect(sink.last('system.cpu.utilization{}')).toBe(4340);
  });

  it('divides memory into states that add up to the total', () => {
    const { sink } = start('large-host');
    const state = (name: string) =>
      sink.last(`system.memory.usage{system.memory.state=${name}}`) / 1024;
    expect(state('free')).toBe(4_001_236);
    expect(state('buffers')).toBe(801_348);
    expect(state('cached')).toBe(20_034_704 + 1_720_000);
    expect(state('used') + state('free') + state('buffers') + state('cached')).toBe(32_858_820);
    expect(sink.last('system.memory.limit{}')).toBe(32_858_820 * 1024);
    expect(sink.last('system.memory.utilization{}')).toBe(1718);
    expect(sink.last('system.paging.usage{system.paging.state=used}')).toBe(262_144 * 1024);
    expect(sink.last('system.paging.usage{system.paging.state=free}')).toBe(8_126_460 * 1024);
  });

  it('has no paging metrics without swap', () => {
    const { sink } = start('microvm');
    expect(sink.names()).not.toContain('system.paging.usage');
  });

  it('reports load averages', () => {
    const { sink } = start('large-host');
    expect(sink.last('system.cpu.load_average.1m{}')).toBe(123_400);
    expect(sink.last('system.cpu.load_average.5m{}')).toBe(700);
    expect(sink.last('system.cpu.load_average.15m{}')).toBe(30_000);
  });

  it('reports whole physical disks, not partitions, loops, stacked devices or CD drives', () => {
    const { tree, sink, sampler } = start('large-host');
    tree.write(
      'proc/diskstats',
      ' 259 0 nvme0n1 500010 1000 40000100 200000 300020 2000 24000200 400000 0 350030 600000\n' +
        ' 259 1 nvme0n1p1 999 0 9999 20 0 0 0 0 0 40 20\n 8 0 sda 1000 10 80000 900 2000 20 160000 1800 0 2100 2700\n',
    );
    void sampler.sampleFast();
    expect(sink.sum(`system.disk.operations{${DISK('nvme0n1', 'read')}}`)).toBe(10);
    expect(sink.sum(`system.disk.operations{${DISK('nvme0n1', 'write')}}`)).toBe(20);
    expect(sink.sum(`system.disk.io{${DISK('nvme0n1', 'read')}}`)).toBe(51_200);
    expect(sink.sum(`system.disk.io{${DISK('nvme0n1', 'write')}}`)).toBe(102_400);
    expect(sink.sum('system.disk.io_time{system.device=nvme0n1}')).toBe(30_000);
    expect(sink.sum(`system.disk.io{${DISK('sda', 'read')}}`)).toBe(0);
    const devices = [...sink.values.keys()].flatMap(
      (key) => /device=([^,}]+)/.exec(key)?.[1] ?? [],
    );
    expect(new Set(devices)).toEqual(new Set(['nvme0n1', 'sda']));
  });

  it('tells whole disks by their names where /sys is hidden', () => {
    const { tree } = start('large-host');
    tree.remove('sys');
    const sink = createRecordingSink();
    const clock = () => 0;
    const sampler = createSystemSampler({ sampler: 'kernel', sink, root: tree.root, clock });
    void sampler.sampleFast();
    void sampler.sampleFast();
    const devices = [...sink.values.keys()].flatMap(
      (key) => /device=([^,}]+)/.exec(key)?.[1] ?? [],
    );
    expect(new Set(devices)).toEqual(new Set(['nvme0n1', 'sda']));
  });

  it('starts a disk anew when it was unplugged and comes back, whatever its counters say', () => {
    const { tree, sink, sampler } = start('large-host');
    tree.write('proc/diskstats', ' 259 0 nvme0n1 500000 0 40000000 0 0 0 0 0 0 0 0\n');
    void sampler.sampleFast();
    tree.write('proc/diskstats', ' 8 0 sda 900000 0 90000000 0 1 0 1 0 0 1 0\n');
    void sampler.sampleFast();
    expect(sink.sum(`system.disk.io{${DISK('sda', 'read')}}`)).toBeNaN();
  });

  it('follows at most 16 disks', () => {
    const { tree, sink, sampler } = start('large-host');
    const names = Array.from(
      { length: 40 },
      (_, i) => `vd${String.fromCharCode(97 + (i % 26))}${i}x`,
    );
    for (const name of names) tree.write(`sys/block/${name}/device/model`, '');
    const text = names.map((name, i) => ` 8 ${i} ${name} 5 0 5 0 5 0 5 0 0 5 0\n`).join('');
    tree.write('proc/diskstats', text);
    for (let i = 0; i < 3; i++) void sampler.sampleFast();
    const devices = new Set(
      [...sink.values.keys()].flatMap((key) => /device=([^,}]+)/.exec(key)?.[1] ?? []),
    );
    expect(devices.size).toBe(16);
  });

  it('reports interfaces with traffic, the loopback too, but no container links', () => {
    const { tree, sink, sampler } = start('large-host');
    tree.write(
      'proc/net/dev',
      'Inter-|\n face |\n    lo: 1500 15 0 0 0 0 0 0 1500 15 0 0 0 0 0 0\n' +
        'enp3s0: 123456790012 98765442 5 5 5 6 7 8 210987655321 87654331 9 13 11 12 13 14\n' +
        'veth1a2b3c4: 9000 90 0 0 0 0 0 0 9000 90 0 0 0 0 0 0\n',
    );
    void sampler.sampleFast();
    expect(sink.sum(`system.network.io{${LINK('lo', 'receive')}}`)).toBe(500);
    expect(sink.sum(`system.network.io{${LINK('enp3s0', 'receive')}}`)).toBe(1000);
    expect(sink.sum(`system.network.io{${LINK('enp3s0', 'transmit')}}`)).toBe(1000);
    expect(sink.sum(`system.network.packets{${LINK('enp3s0', 'transmit')}}`)).toBe(10);
    expect(sink.sum(`system.network.errors{${LINK('enp3s0', 'receive')}}`)).toBe(2);
    expect(sink.sum(`system.network.dropped{${LINK('enp3s0', 'receive')}}`)).toBe(1);
    expect(sink.sum(`system.network.dropped{${LINK('enp3s0', 'transmit')}}`)).toBe(3);
    // An error counter that never moved is not a series.
    expect(sink.sum(`system.network.errors{${LINK('lo', 'receive')}}`)).toBeNaN();
    const text = [...sink.values.keys()].join();
    expect(text).not.toMatch(/veth|cali|ifb|tun0/);
  });

  it('adds nothing when an interface counter wraps at 32 bits', () => {
    const { tree, sink, sampler } = start('large-host');
    const line = (bytes: number) =>
      tree.write('proc/net/dev', `a\nb\n  eth9: ${bytes} 1 0 0 0 0 0 0 1 1 0 0 0 0 0 0\n`);
    for (const bytes of [4_294_967_000, 4_294_967_200, 100, 350]) {
      line(bytes);
      void sampler.sampleFast();
    }
    expect(sink.values.get(`system.network.io{${LINK('eth9', 'receive')}}`)).toEqual([200, 250]);
  });

  it('reports the process: sizes, threads behind a hostile name, disk bytes, descriptors', async () => {
    const { tree, sink, sampler } = start('large-host');
    expect(sink.last('process.memory.usage{}')).toBe(38_100 * 4096);
    expect(sink.last('process.memory.virtual{}')).toBe(76_500 * 4096);
    expect(sink.last('process.thread.count{}')).toBe(23);
    tree.write('proc/self/io', 'read_bytes: 8292\nwrite_bytes: 4096\ncancelled_write_bytes: 99\n');
    for (const name of ['0', '1', '7']) tree.write(`proc/self/fd/${name}`, '');
    void sampler.sampleFast();
    await sampler.sampleSlow();
    expect(sink.sum('process.disk.io{disk.io.direction=read}')).toBe(100);
    expect(sink.sum('process.disk.io{disk.io.direction=write}')).toBe(0);
    expect(sink.last('process.open_file_descriptor.count{}')).toBe(3);
  });

  it('reports processors, file systems and connections at the slow tier', async () => {
    const { tree, sink, sampler } = start('large-host');
    const header = '  sl  local_address rem_address   st tx_queue\n';
    const row = (state: string) =>
      `   0: 0100007F:07E8 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000 0 0 637 1\n`;
    tree.write('proc/net/tcp', header + row('0A') + row('01').repeat(900) + row('06') + row('0C'));
    tree.write('proc/net/tcp6', header + row('01'));
    tree.write(
      'proc/self/mountinfo',
      '24 30 0:22 / /proc rw - proc proc rw\n30 1 259:2 / / rw shared:1 - ext4 /dev/nvme0n1p2 rw\n' +
        '31 30 8:1 / /srv\\040data rw - xfs /dev/sda1 rw\n32 30 0:40 / /nfs rw - nfs4 far:/x rw\n' +
        '33 30 259:2 /bind /bind rw - ext4 /dev/nvme0n1p2 rw\n',
    );
    for (const folder of ['srv data', 'nfs', 'bind']) tree.write(`${folder}/file`, '');
    await sampler.sampleSlow();
    expect(sink.last('system.cpu.logical.count{}')).toBe(4);
    const state = (name: string) =>
      sink.last(`system.network.connection.count{network.connection.state=${name}}`);
    expect(state('established')).toBe(901);
    expect(state('listen')).toBe(1);
    expect(state('time_wait')).toBe(1);
    expect(state('syn_received')).toBe(1);
    const mounts = [...sink.values.keys()].flatMap(
      (key) => /^system.filesystem.utilization.*point=([^}]+)/.exec(key)?.[1] ?? [],
    );
    expect(mounts.sort()).toEqual(['/', '/srv data']);
    const { blocks, bfree, bsize } = statfsSync(tree.root);
    const used = sink.last(
      'system.filesystem.usage{system.filesystem.mountpoint=/,system.filesystem.state=used}',
    );
    // The space of the temporary folder the fixture lies in; others write to it meanwhile.
    expect(Math.abs(used - (blocks - bfree) * bsize)).toBeLessThan(256 * 1024 * 1024);

    tree.write('proc/net/tcp', header);
    tree.write('proc/net/tcp6', header);
    await sampler.sampleSlow();
    expect(state('established')).toBe(0);
  });

  it('reports no connection counts when the table is larger than what it may read', async () => {
    const { tree, sink, sampler } = start('large-host');
    const row = `   0: 0100007F:07E8 00000000:0000 01 ${'0'.repeat(110)}\n`;
    tree.write('proc/net/tcp', `header\n${row.repeat(30_000)}`);
    await sampler.sampleSlow();
    expect(sink.names()).not.toContain('system.network.connection.count');
    expect(sampler.failures).toBe(0);
  });

  it('reports what it can read when most files are missing, and never throws', async () => {
    const { tree } = start('microvm');
    tree.remove('proc');
    tree.write('proc/loadavg', '0.50 0.40 0.30 1/2 3\n');
    const sink = createRecordingSink();
    const clock = () => 0;
    const sampler = createSystemSampler({ sampler: 'kernel', sink, root: tree.root, clock });
    void sampler.sampleFast();
    await sampler.sampleSlow();
    expect(sink.last('system.cpu.load_average.1m{}')).toBe(5000);
    expect(sink.names().filter((name) => /memory|disk|network/.test(name))).toEqual([]);
    expect(sampler.failures).toBe(0);
  });

  it('finds a file that appears later, within a minute of fast rounds', () => {
    const { tree } = start('microvm');
    tree.remove('proc/loadavg');
    const sink = createRecordingSink();
    const clock = () => 0;
    const sampler = createSystemSampler({ sampler: 'kernel', sink, root: tree.root, clock });
    void sampler.sampleFast();
    tree.write('proc/loadavg', '0.50 0.40 0.30 1/2 3\n');
    void sampler.sampleFast();
    expect(sink.last('system.cpu.load_average.1m{}')).toBeNaN();
    for (let i = 0; i < 30; i++) void sampler.sampleFast();
    expect(sink.last('system.cpu.load_average.1m{}')).toBe(5000);
  });

  it('reports nothing after close', () => {
    const { sink, sampler } = start('microvm');
    sampler.close();
    const before = sink.values.get('system.memory.limit{}')?.length;
    void sampler.sampleFast();
    expect(sink.values.get('system.memory.limit{}')).toHaveLength(before ?? Number.NaN);
  });
});
