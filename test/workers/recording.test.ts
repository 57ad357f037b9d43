import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Recorder } from '../../src/agent/recorder.js';
import { RingWriter } from '../../src/agent/ring-writer.js';
import { DEFAULT_SETTINGS } from '../../src/shared/budget-settings.js';
import { CONTROL_BYTES } from '../../src/shared/control-layout.js';
import { DNS_LOOKUP_DURATION } from '../../src/shared/metrics.js';
import { resolveOptions } from '../../src/shared/resolve-options.js';
import type { BatchDraft } from '../../src/transport/batch-draft.js';
import { BudgetWatch } from '../../src/workers/budget-watch.js';
import { DrainJournal } from '../../src/workers/drain-journal.js';
import { KeptTraces } from '../../src/workers/kept-traces.js';
import { Ledger } from '../../src/workers/ledger.js';
import { LibraryReport } from '../../src/workers/library-report.js';
import { MarkedEvents } from '../../src/workers/marked-events.js';
import { Recording } from '../../src/workers/recording.js';
import { RingTable } from '../../src/workers/ring-table.js';
import { createSystemSampler } from '../../src/workers/system/system-sampler.js';
import { createUserHash } from '../../src/workers/user-hash.js';
import { Window } from '../../src/workers/window.js';

// The window ends half a minute later.
beforeEach(() => {
  vi.useFakeTimers({ now: 30_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A recording of one thread, and what leaves it. */
function openRecording() {
  const control = new SharedArrayBuffer(CONTROL_BYTES);
  const ring = new RingWriter(1024 * 8, 100, 0);
  const recorder = new Recorder(ring, 100, () => undefined);
  const series = recorder.series(DNS_LOOKUP_DURATION, ['a.example']);
  const { options } = resolveOptions({ TACHOGRAPH_WINDOW: '60s' });
  const window = new Window(options);
  const rings = new RingTable((of) => window.cell(of), new DrainJournal(control));
  rings.attach({ ring: ring.buffer, slot: 0 });
  const batches: BatchDraft[] = [];
  const checkpoints: BatchDraft[] = [];
  let stoppedMs = 0;
  const recording = new Recording({
    options,
    nowMs: () => performance.now() + stoppedMs,
    window,
    rings,
    ledger: new Ledger(control),
    marks: new MarkedEvents(),
    traces: new KeptTraces(
      (threadId, id) => rings.series(threadId, id),
      () => [],
      createUserHash(''),
    ),
    findings: { events: [], reset: () => undefined },
    budgets: new BudgetWatch(DEFAULT_SETTINGS),
    libraries: new LibraryReport('/'),
    outlet: {
      offer: (draft) => batches.push(draft),
      checkpoint: (draft) => checkpoints.push(draft),
      flush: () => Promise.resolve(),
      sample: () => undefined,
      dropped: () => 0,
      settle: () => undefined,
      recovered: { records: 0, sequence: 0 },
    },
    sampler: createSystemSampler({ sampler: 'off', sink: window, clock: () => 0 }),
    selfCost: { sample: () => undefined },
    resource: [],
    agent: 'host:1',
    boot: 'boot-1',
    stalls: { takeNews: () => 0, events: () => [], reset: () => undefined },
    onTurn: () => Number.POSITIVE_INFINITY,
  });
  /** As SIGSTOP does: time passes, and no timer runs. */
  const stopFor = (ms: number) => {
    stoppedMs += ms;
    vi.setSystemTime(Date.now() + ms);
  };
  return { recording, batches, checkpoints, stopFor, record: () => recorder.record(series, 1) };
}

function counted({ histograms }: BatchDraft): number {
  const dns = histograms.find(({ series }) => series.name === DNS_LOOKUP_DURATION.name);
  return dns?.count ?? 0;
}

describe('a checkpoint', () => {
  it('saves at once what waited for the worker to start: it is old already', () => {
    const { recording, checkpoints, record } = openRecording();
    record();
    recording.start();
    expect(checkpoints.map(counted)).toEqual([1]);
    recording.finish();
  });

  it('follows a second after the one before, while records come', () => {
    const { recording, checkpoints, record } = openRecording();
    record();
    recording.start();
    for (let turn = 0; turn < 30; turn++) {
      record();
      vi.advanceTimersByTime(100);
    }
    expect(checkpoints.map(counted)).toEqual([1, 11, 21, 31]);
    recording.finish();
  });

  it('is not written while nothing is recorded', () => {
    const { recording, checkpoints, batches } = openRecording();
    recording.start();
    vi.advanceTimersByTime(20_000);
    expect(checkpoints).toEqual([]);
    recording.finish();
    expect(batches).toHaveLength(1);
  });
});

describe('a window', () => {
  const DAY_MS = 86_400_000;

  it.each([
    ['back by two days', -2 * DAY_MS],
    ['forward by a year', 365 * DAY_MS],
  ])(
    'during which the clock is set %s lies by the clock of its end, by which it is sent, for as long as it took',
    (_name, setMs) => {
      const { recording, batches, checkpoints, record } = openRecording();
      recording.start();
      vi.advanceTimersByTime(10_000);
      vi.setSystemTime(40_000 + 5 * DAY_MS + setMs);
      record();
      vi.advanceTimersByTime(10_000);
      recording.finish();
      const [startMs, closedMs] = [30_000, 50_000].map((ms) => ms + 5 * DAY_MS + setMs);
      expect(batches).toMatchObject([{ startMs, durationMs: 20_000, closedMs }]);
      for (const saved of checkpoints) {
        expect(saved.startMs + saved.durationMs).toBe(saved.closedMs);
      }
      expect(checkpoints.length).toBeGreaterThan(0);
    },
  );

  it('of a process that was stopped for days is no longer than a collector takes, and ends when it ended', () => {
    const { recording, batches, record, stopFor } = openRecording();
    recording.start();
    record();
    stopFor(3 * DAY_MS);
    vi.advanceTimersByTime(1000);
    recording.finish();
    const closedMs = 31_000 + 3 * DAY_MS;
    const [stopped] = batches;
    expect(stopped).toMatchObject({ startMs: closedMs - DAY_MS, durationMs: DAY_MS, closedMs });
    expect(stopped && counted(stopped)).toBe(1);
  });
});
