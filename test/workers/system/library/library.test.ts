/** Answers of the library as it gives them, on Linux and from failures of its shells. */
import type { Systeminformation } from 'systeminformation';
import { describe, expect, it } from 'vitest';
import { createLibraryConnections } from '../../../../src/workers/system/library/connections.js';
import { createLibraryCpu } from '../../../../src/workers/system/library/cpu.js';
import { createLibraryDisks } from '../../../../src/workers/system/library/disks.js';
import { createLibraryNetwork } from '../../../../src/workers/system/library/network.js';
import { createRecordingSink } from '../recording-sink.js';

const READ = 'disk.io.direction=read,system.device=(all)';
const RECEIVE = 'network.interface.name=eth0,network.io.direction=receive';

function loadOf(added: Partial<Systeminformation.CurrentLoadData>) {
  return {
    rawCurrentLoadUser: 0,
    rawCurrentLoadNice: 0,
    rawCurrentLoadSystem: 0,
    rawCurrentLoadIrq: 0,
    rawCurrentLoadSteal: 0,
    rawCurrentLoadGuest: 0,
    rawCurrentLoadIdle: 0,
    ...added,
  } as Systeminformation.CurrentLoadData;
}

const disks = (rIO: number) => ({ rIO, wIO: 0, tIO: rIO }) as Systeminformation.DisksIoData;
const bytes = (rx: number) => ({ rx, wx: 0, tx: rx }) as Systeminformation.FsStatsData;
const link = (rx_bytes: number) =>
  ({
    iface: 'eth0',
    rx_bytes,
    tx_bytes: 0,
    rx_errors: 0,
    tx_errors: 0,
    rx_dropped: 0,
    tx_dropped: 0,
  }) as Systeminformation.NetworkStatsData;

describe('the library’s answers', () => {
  it('give CPU time with steal as ticks, and guest time not twice', () => {
    const sink = createRecordingSink();
    let nowMs = 0;
    const sample = createLibraryCpu(sink, () => nowMs);
    const load = loadOf({
      rawCurrentLoadUser: 400,
      rawCurrentLoadGuest: 30,
      rawCurrentLoadSteal: 10,
      rawCurrentLoadIdle: 500,
    });
    sample(load);
    expect(sink.values.size).toBe(0);
    nowMs = 2000;
    sample(load);
    expect(sink.sum('system.cpu.time{cpu.mode=user}')).toBe(400_000);
    expect(sink.sum('system.cpu.time{cpu.mode=steal}')).toBe(100_000);
    expect(sink.last('system.cpu.utilization{}')).toBe(5000);
    // Within 200 ms the library repeats itself.
    nowMs = 2100;
    sample(load);
    expect(sink.values.get('system.cpu.time{cpu.mode=user}')).toHaveLength(1);
    nowMs = 4000;
    sample(loadOf({ rawCurrentLoadUser: -5, rawCurrentLoadIdle: 10 }));
    expect(sink.values.get('system.cpu.time{cpu.mode=idle}')).toHaveLength(1);
  });

  it('of disks are not taken for a restart when a shell failed and all are zero', () => {
    const sink = createRecordingSink();
    const sample = createLibraryDisks(sink);
    sample(disks(1000), bytes(1_000_000));
    sample(disks(0), bytes(0));
    sample(disks(1010), bytes(1_000_512));
    expect(sink.values.get(`system.disk.operations{${READ}}`)).toEqual([10]);
    expect(sink.values.get(`system.disk.io{${READ}}`)).toEqual([512]);
  });

  it('of disks may be null, as on Windows', () => {
    const sink = createRecordingSink();
    const sample = createLibraryDisks(sink);
    sample(null, null);
    expect(sink.values.size).toBe(0);
  });

  it('of an interface start anew after it was gone', () => {
    const sink = createRecordingSink();
    const sample = createLibraryNetwork(sink);
    sample([link(100)]);
    sample([link(150)]);
    sample([link(0)]);
    sample([link(9_000_000)]);
    expect(sink.values.get(`system.network.io{${RECEIVE}}`)).toEqual([50]);
  });

  it('of connections are counted by state, TCP only, in every platform’s spelling', () => {
    const sink = createRecordingSink();
    const sample = createLibraryConnections(sink);
    const rows = [
      ['tcp', 'ESTABLISHED'],
      ['tcp6', 'ESTAB'],
      ['tcp4', 'FIN_WAIT_1'],
      ['tcp', 'TIME-WAIT'],
      ['udp', 'ESTABLISHED'],
      ['tcp', 'NEW_SORT'],
    ].map(([protocol, state]) => ({ protocol, state }) as Systeminformation.NetworkConnectionsData);
    sample(rows);
    const state = (name: string) =>
      sink.last(`system.network.connection.count{network.connection.state=${name}}`);
    expect([state('established'), state('fin_wait_1'), state('time_wait')]).toEqual([2, 1, 1]);
    expect(sink.values.size).toBe(3);
    sample([]);
    expect(state('established')).toBe(0);
  });
});
