import { describe, expect, it } from 'vitest';
import { dropSamples, silenceSamples } from '../../../src/collector/alerts/collector-samples.js';
import type { ProcessAccount } from '../../../src/collector/query/ledger.js';
import type { Instance } from '../../../src/collector/query/listings.js';
import { T0 } from '../../alerts/make-rule.js';

const HOUR_MS = 3_600_000;
const instance = (parts: Partial<Instance> = {}): Instance => ({
  agent: 'host:1',
  boot: 'b',
  service: 'shop',
  resource: { 'telemetry.sdk.language': 'nodejs' },
  firstSeenMs: T0 - 2 * HOUR_MS,
  lastSeenMs: T0 - 400_000,
  skewMs: 0,
  ...parts,
});
const account = (parts: Partial<ProcessAccount> = {}): ProcessAccount => ({
  agent: 'host:1',
  boot: 'b',
  service: 'shop',
  recorded: 100,
  received: 100,
  delivered: 100,
  pending: 0,
  dropped: {},
  balanced: true,
  unaccounted: 0,
  batches: 100,
  lastSequence: 100,
  lastSeenMs: T0 - 1000,
  ...parts,
});
const silences = (
  instances: Instance[],
  accounts = [account()],
  startedMs = 0,
): [string, number][] =>
  silenceSamples(instances, accounts, { startedMs, nowMs: T0, limitMs: 300_000 }).map(
    ({ service, value }) => [service, value],
  );

describe('silence', () => {
  it('is the time since any process of a service was heard', () => {
    expect(silences([instance()])).toEqual([['shop', 400]]);
    const another = instance({ boot: 'c', lastSeenMs: T0 - 5000 });
    expect(silences([instance(), another])).toEqual([['shop', 5]]);
  });
  it('does not count while the collector was not there', () => {
    expect(silences([instance()], undefined, T0 - 350_000)).toEqual([['shop', 350]]);
  });
  it('is not told, long or short, while it may be both', () => {
    expect(silences([instance()], undefined, T0 - 20_000)).toEqual([]);
    const lately = instance({ lastSeenMs: T0 - 200_000 });
    expect(silences([lately], undefined, T0 - 20_000)).toEqual([['shop', 20]]);
  });
  it.each([
    ['a short life', instance({ firstSeenMs: T0 - 500_000 }), account()],
    ['one batch of a long command', instance(), account({ batches: 1 })],
    [
      'pages that nobody looks at',
      instance({ resource: { 'tachograph.source': 'beacon' } }),
      account(),
    ],
    [
      'a day of it',
      instance({ firstSeenMs: T0 - 50 * HOUR_MS, lastSeenMs: T0 - 25 * HOUR_MS }),
      account(),
    ],
  ])('is nothing to wonder at: %s', (_what, of, accounted) => {
    expect(silences([of], [accounted])).toEqual([]);
  });
});

describe('drops', () => {
  const dropped = (count: number, parts: Partial<ProcessAccount> = {}): ProcessAccount =>
    account({ dropped: { 'ring-full': count }, ...parts });
  it('are what is new since the last look, of all processes of a service', () => {
    const { drops } = dropSamples([dropped(5)], {}, T0);
    const next = dropSamples([dropped(7), dropped(3, { boot: 'c' })], drops, T0);
    expect(next.samples).toMatchObject([{ service: 'shop', value: 5 }]);
    expect(dropSamples([dropped(7)], next.drops, T0).samples).toMatchObject([{ value: 0 }]);
  });
  it('of a process that was away are no news when it is back', () => {
    const { drops } = dropSamples([dropped(5)], {}, T0);
    const away = dropSamples([dropped(5, { lastSeenMs: T0 - HOUR_MS })], drops, T0);
    expect(away.samples).toEqual([]);
    expect(dropSamples([dropped(6)], away.drops, T0).samples).toMatchObject([{ value: 1 }]);
  });
  it('are none at the first look of all', () => {
    expect(dropSamples([dropped(5)], undefined, T0).samples).toMatchObject([{ value: 0 }]);
  });
});
