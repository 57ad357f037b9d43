/** Real runs of the sustained harness, short. They need a built agent in dist/ (npm run build). */
import { describe, expect, it } from 'vitest';
import { parseArguments } from '../../bench/arguments.js';
import { ARMS } from '../../bench/arms.js';
import { checkAccount, sustained } from '../../bench/harnesses/sustained.js';
import { measuredNode } from '../../bench/machine/measured-node.js';
import { planFor } from '../../bench/plan.js';

const machine = { hasDatabase: false };
const plan = planFor(parseArguments(['--quick', '--rounds', '1'], 1), machine);

/** A second's worth of records in one turn of the event loop. */
const BURST = { settleMs: 500, ratePerSecond: 1_000_000_000, durationMs: 1 };

/** With the smallest ring a burst is more than it holds, however fast the worker reads. */
const SMALL_RINGS = ARMS.map((arm) => ({
  ...arm,
  env: (place: Parameters<typeof arm.env>[0]) => ({
    ...arm.env(place),
    TACHOGRAPH_RING_BYTES: '8KiB',
  }),
}));

function run(times: Partial<(typeof plan)['sustained']>, arms: typeof ARMS = ARMS) {
  return sustained({
    plan: { ...plan, sustained: { ...plan.sustained, ...times } },
    arms,
    node: measuredNode(undefined, () => {}),
    resources: {},
    seed: 1,
    progress: () => {},
  });
}

describe('sustained harness', () => {
  it('accounts for every record of a burst that no ring can hold', async () => {
    const rows = await run(BURST, SMALL_RINGS);
    expect(rows.map(({ arm }) => arm).sort()).toEqual(['off', 'off2', 'on']);
    const values = rows.find(({ arm }) => arm === 'on')?.values ?? {};
    expect(values.sent).toBe(1_000_000);
    expect(values.dropped).toBeGreaterThan(0);
    expect(values.written).toBe(1_000_000 - (values.dropped as number));
    for (const { arm, values } of rows) {
      if (arm === 'on') continue;
      expect(values).toMatchObject({ sent: 1_000_000, written: 0, dropped: 0 });
    }
  });

  it('drops nothing at a rate that applications have', async () => {
    const rows = await run({ ...BURST, ratePerSecond: 10_000, durationMs: 300 });
    expect(rows.find(({ arm }) => arm === 'on')?.values).toMatchObject({
      sent: 3000,
      written: 3000,
      dropped: 0,
    });
  });

  it('is left out of the quick plan unless it is asked for', () => {
    expect(plan.harnesses).not.toContain('sustained');
    const named = planFor(parseArguments(['--quick', '--harness', 'sustained'], 1), machine);
    expect(named.harnesses).toEqual(['sustained']);
    const full = planFor(parseArguments([], 1), machine);
    expect(full.harnesses).toContain('sustained');
    expect(full.sustained).toMatchObject({ ratePerSecond: 1_000_000, durationMs: 10_000 });
  });
});

describe('the account of records', () => {
  const counts = { sent: 10, written: 7, dropped: 3 };

  it('adds up when each is written or dropped, and the agent reports what was dropped', () => {
    expect(() => checkAccount(counts, { ring_full: 3 })).not.toThrow();
    expect(() => checkAccount({ sent: 7, written: 7, dropped: 0 }, {})).not.toThrow();
  });

  it.each([
    ['a record is in neither account', { ...counts, written: 6 }, { ring_full: 3 }],
    ['the agent reports fewer losses', counts, { ring_full: 2 }],
    ['the agent lost more on the way', counts, { ring_full: 3, worker_crash: 1 }],
  ])('does not add up when %s', (_what, of, reported) => {
    expect(() => checkAccount(of, reported as Record<string, number>)).toThrow('expected 10');
  });
});
