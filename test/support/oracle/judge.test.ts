/** The judge finds what it is there to find. */
import { describe, expect, it } from 'vitest';
import type { ProcessAccount } from '../../../src/collector/query/ledger.js';
import { type IdLog, lostMs, obligedIds } from './id-log.js';
import { complaintsOf, type Evidence } from './judge.js';

const ACCOUNT: ProcessAccount = {
  agent: 'host:1',
  boot: 'boot-1',
  service: 'shop',
  recorded: 12,
  received: 12,
  delivered: 10,
  pending: 0,
  dropped: { ring_full: 0, refused: 0 },
  balanced: true,
  unaccounted: 0,
  batches: 2,
  lastSequence: 2,
  lastSeenMs: 1,
};

function evidence(changes: Partial<Evidence>): Evidence {
  const counts = new Map(Array.from({ length: 10 }, (_, id) => [id, 1] as const));
  return { recorded: 10, obliged: 10, end: 'orderly', counts, accounts: [ACCOUNT], ...changes };
}

function countsWith(id: number, count: number | undefined): Map<number, number> {
  const counts = new Map(evidence({}).counts);
  if (count === undefined) counts.delete(id);
  else counts.set(id, count);
  return counts;
}

describe('the judge', () => {
  it('has nothing to say when every id is there once and the ledger adds up', () => {
    expect(complaintsOf(evidence({}))).toEqual([]);
  });

  it('finds a missing id', () => {
    expect(complaintsOf(evidence({ counts: countsWith(4, undefined) }))).toEqual([
      '1 ids are missing: 4',
    ]);
  });

  it('does not miss an id that was not obliged', () => {
    const counts = countsWith(9, undefined);
    expect(complaintsOf(evidence({ counts, obliged: 9, end: 'killed' }))).toEqual([]);
  });

  it('excuses what the ledger says was dropped, and no more', () => {
    const accounts = [{ ...ACCOUNT, dropped: { refused: 1 } }];
    const counts = countsWith(4, undefined);
    expect(complaintsOf(evidence({ counts, accounts }))).toEqual([]);
    counts.delete(5);
    expect(complaintsOf(evidence({ counts, accounts }))).toEqual(['2 ids are missing: 4, 5']);
  });

  it('finds a duplicate', () => {
    expect(complaintsOf(evidence({ counts: countsWith(4, 2) }))).toEqual([
      '1 ids are there twice: 4',
    ]);
  });

  it('finds an id that was never recorded', () => {
    expect(complaintsOf(evidence({ counts: countsWith(10, 1) }))).toEqual([
      'ids that nobody recorded: 10',
    ]);
  });

  it('finds a ledger that does not add up', () => {
    const accounts = [{ ...ACCOUNT, received: 11, unaccounted: 1, balanced: false }];
    expect(complaintsOf(evidence({ accounts }))).toEqual([
      'the ledger does not add up: 12 recorded, 11 received, 0 dropped, 0 pending, 1 unaccounted',
    ]);
  });

  it('finds a ledger that knows too little', () => {
    const accounts = [{ ...ACCOUNT, recorded: 9, received: 9 }];
    expect(complaintsOf(evidence({ accounts }))[0]).toMatch(/^the ledger knows too few records/);
  });

  it('wants nothing to be pending after an orderly end, and allows it after a kill', () => {
    const accounts = [{ ...ACCOUNT, received: 10, pending: 2 }];
    expect(complaintsOf(evidence({ accounts }))[0]).toMatch(/^records are still pending/);
    expect(complaintsOf(evidence({ accounts, end: 'killed' }))).toEqual([]);
  });

  it('wants one account of a process that had time to say something', () => {
    expect(complaintsOf(evidence({ accounts: [] }))).toEqual(['expected one account, got 0']);
    const nothing = { recorded: 4, obliged: 0, counts: new Map(), end: 'killed' } as const;
    expect(complaintsOf(evidence({ ...nothing, accounts: [] }))).toEqual([]);
  });
});

describe('what is obliged', () => {
  /** A beat every 25 ms, four ids a beat. */
  const log: IdLog = {
    beats: Array.from({ length: 100 }, (_, i) => (i + 1) * 4),
    recorded: 400,
  };

  it('is everything after an orderly end, and not the last beats after a kill', () => {
    expect(obligedIds(log, 'orderly')).toBe(400);
    expect(obligedIds(log, 'killed')).toBe(160);
    expect(obligedIds({ ...log, beats: log.beats.slice(0, 50) }, 'killed')).toBe(0);
  });

  it('is measured by the age of the oldest id that is missing', () => {
    const present = new Map(Array.from({ length: 400 }, (_, id) => [id, 1] as const));
    expect(lostMs(log, present)).toBe(0);
    for (let id = 360; id < 400; id++) present.delete(id);
    expect(lostMs(log, present)).toBe(9 * 25);
  });
});
