/**
 * A slice of an outage, minutes long by the agent's clock; `npm run faults:outage` does a day. And its judge,
 * which must find what it looks for.
 */
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../support/run-app.js';
import { complaintsOfOutage } from './outage-judge.js';
import { type Outage, type Outlook, runOutage } from './outage-run.js';
import { outageTable } from './outage-table.js';

const MIB = 1024 * 1024;
const MINUTE_MS = 60_000;

describe.concurrent('an outage at 5,000 records a second', () => {
  it.each([
    ['a small spool', 'evicted', { spoolBytesMax: MIB, ageMaxMs: 60 * MINUTE_MS }],
    ['a low age limit', 'expired', { spoolBytesMax: 64 * MIB, ageMaxMs: MINUTE_MS }],
  ])(
    'keeps its bounds, and accounts for every record: %s',
    {
      timeout: 120_000,
    },
    async (_name, reason, spool) => {
      const folder = makeFolder();
      try {
        const outage = await runOutage({
          folder: folder.path,
          forMs: 3 * MINUTE_MS,
          recordsPerSecond: 5000,
          lookMs: MINUTE_MS / 4,
          ...spool,
        });
        expect(complaintsOfOutage(outage)).toEqual([]);
        expect(outage.over.windows).toBeGreaterThanOrEqual(18);
        expect(outage.over.dropped[reason]).toBeGreaterThan(0);
        expect(outage.end.delivered).toBeGreaterThan(0);
      } finally {
        folder.remove();
      }
    },
  );
});

const LOOK: Outlook = {
  passedMs: 60_000,
  windows: 6,
  offered: 90,
  refusedByRing: 0,
  batched: 100,
  delivered: 0,
  dropped: { evicted: 40, expired: 0, overflow: 0 },
  waiting: 60,
  oldestAgeMs: 50_000,
  ringBytes: MIB,
  heapBytesMax: 100 * MIB,
  bareRssBytes: 40 * MIB,
  rssBytes: 80 * MIB,
  highest: {
    heapBytes: 10 * MIB,
    externalBytes: 10 * MIB,
    rssBytes: 80 * MIB,
    spoolBytes: MIB,
    files: 6,
  },
};
const END: Outlook = { ...LOOK, delivered: 60, waiting: 0, oldestAgeMs: 0 };

function outage(change: Partial<Outage> = {}): Outage {
  const account = {
    agent: 'a:1',
    boot: 'b',
    service: 'outage',
    recorded: 100,
    received: 60,
    delivered: 60,
    pending: 0,
    dropped: { spool_full: 40 },
    balanced: true,
    unaccounted: 0,
    batches: 4,
    lastSequence: 6,
    lastSeenMs: 0,
  };
  return {
    terms: {
      folder: '/',
      forMs: 60_000,
      recordsPerSecond: 2,
      lookMs: 60_000,
      spoolBytesMax: MIB,
      ageMaxMs: 60_000,
    },
    looks: [LOOK, END],
    over: LOOK,
    end: END,
    exitCode: 0,
    stderr: '',
    accounts: [account],
    ...change,
  };
}

function looking(change: Partial<Outlook>): Outage {
  return outage({ looks: [{ ...LOOK, ...change }] });
}

describe('the judge of an outage', () => {
  it('has nothing to say of one that kept its bounds', () => {
    expect(complaintsOfOutage(outage())).toEqual([]);
    const warning = '(node:7) [TACHO_COLLECTOR_UNREACHABLE] TachographWarning: It is away.\n';
    expect(complaintsOfOutage(outage({ stderr: warning }))).toEqual([]);
  });

  it.each<[string, Outage]>([
    ['a heap past its limit', looking({ highest: { ...LOOK.highest, heapBytes: 101 * MIB } })],
    ['a queue past its limit', looking({ highest: { ...LOOK.highest, externalBytes: 99 * MIB } })],
    ['a spool past its limit', looking({ highest: { ...LOOK.highest, spoolBytes: 3 * MIB } })],
    ['too many files', looking({ highest: { ...LOOK.highest, files: 20_000 } })],
    ['a batch that is too old', looking({ oldestAgeMs: 3_600_000 })],
    ['a record that the ring refused', looking({ refusedByRing: 1 })],
    ['a record that is in no account', looking({ waiting: 59 })],
    ['another end of the application', outage({ exitCode: 1 })],
    [
      'another warning',
      outage({ stderr: '(node:7) [TACHO_WORKER_CRASHED] TachographWarning: It ended.\n' }),
    ],
    ['an application that the collector does not know', outage({ accounts: [] })],
    [
      'a ledger that does not add up',
      outage({ accounts: [{ ...outage().accounts[0]!, balanced: false, unaccounted: 1 }] }),
    ],
    ['records that did not arrive', outage({ end: { ...END, delivered: 61 } })],
    [
      'a loss after the return',
      outage({ end: { ...END, dropped: { ...END.dropped, overflow: 1 } } }),
    ],
    [
      'memory that grows',
      outage({
        looks: Array.from({ length: 100 }, (_, minute) => ({
          ...LOOK,
          passedMs: minute * 60_000,
          rssBytes: 80 * MIB + minute * MIB,
        })),
        over: { ...LOOK, passedMs: 6_000_000 },
      }),
    ],
  ])('finds %s', (_name, found) => {
    expect(complaintsOfOutage(found)).toHaveLength(1);
  });
});

it('the table of outages has a column for each, and a row for each bound', () => {
  const table = outageTable([outage(), outage({ accounts: [] })]);
  const rows = table.split('\n');
  expect(rows[0]).toBe('|  | spool of 1MiB, 1m | spool of 1MiB, 1m |');
  expect(table).toContain('| heap of the worker, peak | 10.0 MiB of 100.0 MiB |');
  expect(table).toContain('| the collector’s ledger | adds up | **missing** |');
});
