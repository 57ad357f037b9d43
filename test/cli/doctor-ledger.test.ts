/** What `tachograph doctor` makes of a ledger: every way in which it can be read, right or wrong. */
import { describe, expect, it } from 'vitest';
import type { Reply } from '../../src/cli/doctor/ask.js';
import { ledgerFindings } from '../../src/cli/doctor/check-ledger.js';

const NOW_MS = Date.UTC(2026, 10, 23, 12);

const SOUND = {
  agent: 'host:1',
  boot: 'boot-1',
  service: 'shop',
  recorded: 10,
  received: 10,
  delivered: 10,
  pending: 0,
  dropped: {} as Record<string, number>,
  balanced: true,
  unaccounted: 0,
  batches: 1,
  lastSequence: 1,
  lastSeenMs: NOW_MS - 4000,
};

function reply(status: number, text: string): Reply {
  const at = { dateMs: NOW_MS, askedMs: NOW_MS, answeredMs: NOW_MS };
  return { kind: 'reply', status, contentType: 'application/json', location: '', text, ...at };
}

function of(...processes: Partial<typeof SOUND>[]) {
  const rows = processes.map((row) => ({ ...SOUND, ...row }));
  return ledgerFindings(reply(200, JSON.stringify({ processes: rows })), 'shop');
}

describe('the account of a process', () => {
  it.each([
    [
      'is in order',
      {},
      'ok',
      'recorded 10 = received 10 + dropped 0 + pending 0; heard of 4 s ago',
    ],
    ['has dropped', { received: 8, dropped: { spool_full: 2 } }, 'attention', '(spool_full 2)'],
    ['misses some', { received: 8, unaccounted: 2 }, 'trouble', 'unaccounted for 2'],
    ['has too many', { received: 12, unaccounted: -2 }, 'attention', 'unaccounted for -2'],
    ['does not add up', { balanced: false }, 'attention', 'recorded 10'],
    ['has some on their way', { received: 8, pending: 2 }, 'ok', 'pending 2'],
    [
      'fell silent with some on their way',
      { received: 8, pending: 2, lastSeenMs: NOW_MS - 7_200_000 },
      'attention',
      'heard of 2 h ago',
    ],
    ['ended long ago', { lastSeenMs: NOW_MS - 864_000_000 }, 'ok', 'heard of 10 days ago'],
  ] as const)('that %s', (_name, parts, level, said) => {
    const [finding, ...more] = of(parts);
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ level, check: 'process' });
    expect(finding?.found).toContain(said);
    expect(finding?.todo === '').toBe(level === 'ok');
  });

  it('that dropped for a reason nobody knows is shown all the same', () => {
    const [finding] = of({ received: 9, dropped: { constructor: 1 } });
    expect(finding).toMatchObject({ level: 'attention', todo: 'See its warnings.' });
  });
});

describe('the accounts of many processes', () => {
  it('begin with those that are not in order, and end in one sentence', () => {
    const rows = Array.from({ length: 50 }, (_, i) => ({ agent: `host:${i}` }));
    const findings = of(...rows, { agent: 'host:lossy', received: 8, unaccounted: 2 });
    expect(findings).toHaveLength(21);
    expect(findings[0]?.found).toContain('host:lossy');
    expect(findings.at(-1)).toMatchObject({
      level: 'ok',
      found: '31 further processes, 31 of them in order',
    });
  });

  it('of which not even the bad ones fit say how to ask for fewer', () => {
    const rows = Array.from({ length: 30 }, () => ({ balanced: false }));
    expect(of(...rows).at(-1)).toMatchObject({ level: 'attention', check: 'ledger' });
  });
});

describe('a ledger', () => {
  it.each([
    ['nothing', ''],
    ['a web page', '<html>'],
    ['null', 'null'],
    ['no list', '{"processes":{}}'],
    ['rows of another kind', '{"processes":[{"agent":1}]}'],
    ['rows without losses', JSON.stringify({ processes: [{ ...SOUND, dropped: null }] })],
  ])('that is %s is not believed', (_name, text) => {
    expect(ledgerFindings(reply(200, text), undefined)).toMatchObject([
      { level: 'attention', check: 'ledger' },
    ]);
  });

  it('that is for others says which token opens it', () => {
    const [finding] = ledgerFindings(reply(403, ''), undefined);
    expect(finding?.todo).toContain('TACHOGRAPH_COLLECTOR_READ_TOKEN');
  });
});
