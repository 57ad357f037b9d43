import { getHeapSpaceStatistics } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { HTTP_CLIENT_REQUEST_DURATION } from '../../src/shared/metrics.js';
import { parcelOf } from '../../src/transport/batch-draft.js';
import { decodeHdrPayload } from '../../src/transport/decode-hdr-payload.js';
import { LaneAccount } from '../../src/transport/lane-account.js';
import { encodeSpoolFile } from '../../src/transport/spool-file.js';
import { FEW_MAX } from '../../src/workers/few-values.js';
import { Window, type WindowContents } from '../../src/workers/window.js';

const SERIES = 200;

function windowOfMany(): Window {
  return new Window({ digits: 2, seriesMax: SERIES });
}

/** So many values of each series, the first of them `first`. */
function fill(window: Window, values: number, first = 250): void {
  for (let series = 0; series < SERIES; series++) {
    const attributes = [['server.address', `host-${series}`]] as const;
    for (let i = 0; i < values; i++) {
      window.observe(HTTP_CLIENT_REQUEST_DURATION, first + i, attributes);
    }
  }
}

/** What a checkpoint makes of a window. */
function save(contents: WindowContents, account: LaneAccount, sequence: number): Uint8Array {
  const draft = {
    identity: { agent: 'host:1', boot: 'boot', sequence },
    resource: [],
    startMs: sequence * 1000,
    durationMs: 1000,
    closedMs: sequence * 1000 + 1000.5,
    records: SERIES,
    ...contents,
    events: [],
    ledger: { recorded: sequence * SERIES, dropped: { ring_full: 0, invalid: 0 }, outside: 0 },
  };
  return encodeSpoolFile(parcelOf(draft, account, 0));
}

/** Bytes in use in the spaces that only a full collection empties. */
function oldBytes(): number {
  return getHeapSpaceStatistics()
    .filter(({ space_name }) => /^(?:old|map|trusted)_space$/.test(space_name))
    .reduce((sum, { space_used_size }) => sum + space_used_size, 0);
}

describe('windows that are alike', () => {
  it.each([1, FEW_MAX, FEW_MAX + 1])('of %i values a series lie in one buffer', (values) => {
    const window = windowOfMany();
    const buffers = new Set<ArrayBufferLike>();
    for (let i = 0; i < 20; i++) {
      window.reset();
      fill(window, values);
      const { histograms } = window.contents();
      // It finds its size in the first few.
      if (i >= 3) for (const { payload } of histograms) buffers.add(payload.buffer);
    }
    expect(buffers.size).toBe(1);
  });

  it('leave no garbage that only a full collection takes', { timeout: 120_000 }, () => {
    const window = windowOfMany();
    const account = new LaneAccount(new Float64Array(16));
    let sequence = 0;
    const growthOf = (windows: number): number => {
      const before = oldBytes();
      for (let i = 0; i < windows; i++) {
        fill(window, 3);
        // Twice, as what is saved each second is saved again.
        save(window.contents(), account, sequence);
        save(window.contents(), account, ++sequence);
        window.reset();
      }
      return (oldBytes() - before) / windows;
    };
    growthOf(200);
    // The middle of some: what was there before may move to the old generation, or be collected.
    const rounds = Array.from({ length: 5 }, () => growthOf(200)).sort((a, b) => a - b);
    expect(rounds[2]).toBeLessThan(100);
  });
});

describe('a window of few values', () => {
  it('holds the same after a rare large one as without it', () => {
    const [calm, shaken] = [windowOfMany(), windowOfMany()];
    fill(shaken, 1, 2 ** 40);
    shaken.reset();
    for (const window of [calm, shaken]) fill(window, 2);
    expect(shaken.contents()).toEqual(calm.contents());
  });

  it('counts exactly when a series changes from few values to many and back', () => {
    const window = windowOfMany();
    for (const values of [FEW_MAX, FEW_MAX + 1, 5, 500, 1]) {
      fill(window, values);
      for (const { count, payload } of window.contents().histograms) {
        expect(count).toBe(values);
        expect(decodeHdrPayload(payload).total).toBe(values);
      }
      window.reset();
    }
  });
});
