import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accountOf } from '../../../src/collector/query/ledger.js';

function account(received: number, ledger: object) {
  return accountOf({
    agent: 'a',
    boot: 'b',
    service: 's',
    resource: {},
    ledger: JSON.stringify(ledger),
    sequence: 9,
    firstMs: 0,
    lastMs: 1,
    skewMs: 0,
    records: received,
    batches: 3,
  });
}

describe('the account of a process', () => {
  it('balances when what the ledger called pending has arrived since', () => {
    const ledger = { recorded: 100, delivered: 70, pending: 30, dropped: {} };
    expect(account(100, ledger)).toMatchObject({ pending: 0, unaccounted: 0, balanced: true });
    expect(account(80, ledger)).toMatchObject({ pending: 20, unaccounted: 0, balanced: true });
    expect(account(70, ledger)).toMatchObject({ pending: 30, unaccounted: 0, balanced: true });
  });

  it('counts what the process dropped', () => {
    const ledger = { recorded: 100, delivered: 60, pending: 30, dropped: { ring: 7, evicted: 3 } };
    expect(account(90, ledger)).toMatchObject({ pending: 0, unaccounted: 0, balanced: true });
  });

  it('shows a loss: delivered there, not here', () => {
    const ledger = { recorded: 100, delivered: 70, pending: 30, dropped: {} };
    expect(account(60, ledger)).toMatchObject({ pending: 30, unaccounted: 10, balanced: false });
  });

  it('shows more than was recorded', () => {
    const ledger = { recorded: 100, delivered: 70, pending: 30, dropped: {} };
    expect(account(101, ledger)).toMatchObject({ pending: 0, unaccounted: -1, balanced: false });
  });

  it('does not believe a ledger that does not add up', () => {
    const ledger = { recorded: 100, delivered: 70, pending: 20, dropped: {} };
    expect(account(90, ledger)).toMatchObject({ balanced: false });
  });

  it('adds up with what is unaccounted for, always', () => {
    const count = fc.nat(1000);
    fc.assert(
      fc.property(
        count,
        count,
        count,
        count,
        count,
        (received, recorded, delivered, pending, drop) => {
          const result = account(received, { recorded, delivered, pending, dropped: { drop } });
          expect(result.recorded).toBe(
            result.received + drop + result.pending + result.unaccounted,
          );
        },
      ),
    );
  });
});
