import { beforeAll, describe, expect, it } from 'vitest';
import { compareSystem } from '../../../scripts/compare-system.js';
import { createSystemSampler } from '../../../src/workers/system/system-sampler.js';

interface Row {
  readonly what: string;
  readonly kernel: number;
  readonly library: number;
  readonly tool: string;
  readonly independent: number;
  readonly tolerance: number;
  readonly ok: boolean;
}

/**
 * The numbers are the whole machine's, and whatever else it does falls between two readings: what
 * differs by accident agrees the next time, what differs this often differs by itself.
 */
const COMPARISONS_MAX = 3;

/** What only the kernel source reports. */
const NOT_IN_LIBRARY = ['threads', 'descriptors'];

describe.runIf(process.platform === 'linux')('at the same moment, under load', () => {
  let rows: Row[] = [];
  beforeAll(async () => {
    for (let i = 0; i < COMPARISONS_MAX; i++) {
      rows = (await compareSystem(createSystemSampler)).rows;
      if (rows.every((row) => row.ok)) return;
    }
  });
  const shown = (row: Row) =>
    `${row.what}: kernel ${row.kernel}, library ${row.library}, ${row.tool} ${row.independent}, tolerance ${row.tolerance}`;

  it('both sources agree with each other and with an independent tool, within tolerance', () => {
    expect(rows.filter((row) => !row.ok).map(shown)).toEqual([]);
    expect(rows.length).toBeGreaterThan(10);
  });

  it('each number is there: nothing agrees because nobody measured', () => {
    const missing = rows.filter(
      (row) => Number.isNaN(row.library) !== NOT_IN_LIBRARY.includes(row.what),
    );
    expect(missing.map(shown)).toEqual([]);
    const cpu = rows.find((row) => row.what.startsWith('CPU user'));
    const loopback = rows.find((row) => row.what === 'loopback bytes');
    // The load was there: seconds of CPU, and the 64 MiB sent.
    expect(cpu?.kernel).toBeGreaterThan(1_000_000);
    expect(loopback?.kernel).toBeGreaterThanOrEqual(64 * 1024 * 1024);
  });
});
