/**
 * The beacon's side of a collector put together: what its routes need, and the timer that commits its
 * windows. Owns the timer.
 */
import type { BeaconRouteOptions } from '../http/beacon-routes.js';
import type { Commit } from '../ingest/group-commit.js';
import { createRateLimit, type RateLimits } from '../ingest/rate-limit.js';
import type { Store } from '../store/store.js';
import { BeaconIntake } from './beacon-intake.js';
import { type BeaconSites, NO_SITES } from './beacon-sites.js';

/** Of an address, or an IPv6 network: an office behind one address is a few hundred people. */
const SENDER_LIMITS: RateLimits = { perSecond: 20, burst: 100, sendersMax: 10_000 };
const OVERALL_LIMITS: RateLimits = { perSecond: 200, burst: 1000, sendersMax: 1 };
const SETTLE_EVERY_MS = 1000;

export interface BeaconOptions {
  readonly sites?: BeaconSites | undefined;
  readonly windowMs?: number;
  readonly senderLimits?: RateLimits;
  readonly overallLimits?: RateLimits;
}

export interface BeaconHost {
  readonly store: Store;
  readonly commit: Commit;
  readonly now: () => number;
  readonly monotonicMs: () => number;
  readonly isExempt: (address: string) => boolean;
  readonly log: (line: string) => void;
}

export interface Beacon {
  readonly routes: BeaconRouteOptions;
  /** Commits what came. */
  close(): Promise<void>;
}

/** Undefined where no site is configured. */
export function openBeacon(options: BeaconOptions, host: BeaconHost): Beacon | undefined {
  const { sites = NO_SITES, windowMs } = options;
  if (sites.services.size === 0) return undefined;
  const { store, commit, now, monotonicMs, isExempt, log } = host;
  const services = sites.services.values();
  const intake = new BeaconIntake({ services, store, commit, now, windowMs });
  const complain = (error: Error): void =>
    log(`tachograph collector: beacons of a window are lost: ${error.message}`);
  const timer = setInterval(() => void intake.settle().catch(complain), SETTLE_EVERY_MS);
  return {
    routes: {
      sites,
      intake,
      perSender: createRateLimit(monotonicMs, options.senderLimits ?? SENDER_LIMITS),
      overall: createRateLimit(monotonicMs, options.overallLimits ?? OVERALL_LIMITS),
      isExempt,
    },
    async close() {
      clearInterval(timer);
      await intake.close().catch(complain);
    },
  };
}
