/**
 * How one remembered recommendation goes on from check to check: open while its evidence is there, followed when it is
 * gone although the traffic is not, verified when that has lasted. Pure; the clock comes with the check.
 */
import { DAY_MS } from '../store/data-folder.js';
import type { Measured } from './measured.js';
import type { Measure, Recommendation } from './recommendation.js';

/** Gone for a whole day, nights and mornings included. */
export const VERIFIED_AFTER_MS: number = DAY_MS;
/** Checks with traffic in that time. */
export const CHECKS_MIN = 6;
/** Requests in a check that make it one with traffic. */
export const TRAFFIC_MIN = 20;
/** Of those of the checks that had the evidence: at night, or on a Sunday, its absence says nothing. */
const TRAFFIC_SHARE_MIN = 0.5;
/** What was measured at a check counts that much at the next: a fix is judged by the days before it. */
const KEPT = 0.9;
/** Of as many checks `before` is in the long run. */
const WEIGHT_MAX = 1 / (1 - KEPT);

export interface BookEntry {
  /** As it was when its evidence was last there. */
  readonly recommendation: Recommendation;
  readonly measure: Measure;
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
  /** Cost in a day when it was open, as a mean of checks. */
  readonly predicted: number;
  readonly before: Measured;
  /** Of how many checks `before` is, as they count; absent in books that were kept before it was. */
  readonly weight?: number;
  /** Since its evidence is gone. */
  readonly gone: {
    readonly sinceMs: number;
    readonly checks: number;
    readonly checkedMs: number;
    readonly after: Measured;
  } | null;
  readonly verified: { readonly atMs: number; readonly saved: number | null } | null;
}

export function opened(
  recommendation: Recommendation,
  measure: Measure,
  now: Measured,
  nowMs: number,
): BookEntry {
  return {
    recommendation,
    measure,
    firstSeenMs: nowMs,
    lastSeenMs: nowMs,
    predicted: recommendation.costPerDay,
    before: now,
    weight: 1,
    gone: null,
    verified: null,
  };
}

/** Its evidence is there; what was followed and came back is open again. */
export function seenAgain(
  entry: BookEntry,
  recommendation: Recommendation,
  now: Measured,
  nowMs: number,
): BookEntry {
  return {
    ...entry,
    recommendation,
    lastSeenMs: nowMs,
    predicted: entry.predicted * KEPT + recommendation.costPerDay * (1 - KEPT),
    before: {
      total: entry.before.total * KEPT + now.total,
      traffic: entry.before.traffic * KEPT + now.traffic,
    },
    weight: weightOf(entry) * KEPT + 1,
    gone: null,
    verified: null,
  };
}

/** Its evidence is not there in a check of `lengthMs`; without traffic that says nothing. */
export function missed(
  entry: BookEntry,
  now: Measured,
  lengthMs: number,
  nowMs: number,
): BookEntry {
  const usual = entry.before.traffic / weightOf(entry);
  const least = Math.max(TRAFFIC_MIN, TRAFFIC_SHARE_MIN * usual);
  if (now.traffic < least || entry.verified !== null) return entry;
  const known = entry.gone;
  const gone = {
    sinceMs: known?.sinceMs ?? nowMs,
    checks: (known?.checks ?? 0) + 1,
    checkedMs: (known?.checkedMs ?? 0) + lengthMs,
    after: {
      total: (known?.after.total ?? 0) + now.total,
      traffic: (known?.after.traffic ?? 0) + now.traffic,
    },
  };
  const isLasting = nowMs - gone.sinceMs >= VERIFIED_AFTER_MS && gone.checks >= CHECKS_MIN;
  const next = { ...entry, gone };
  return isLasting ? { ...next, verified: { atMs: nowMs, saved: savedBy(next) } } : next;
}

function weightOf({ weight }: BookEntry): number {
  return weight ?? WEIGHT_MAX;
}

/** Seconds a day: time a request before, less that after, for the traffic after. Null where nothing was predicted. */
function savedBy({ before, gone, predicted }: BookEntry): number | null {
  if (gone === null || predicted === 0 || before.traffic === 0) return null;
  const { after, checkedMs } = gone;
  const perRequest = before.total / before.traffic - after.total / after.traffic;
  return (perRequest * after.traffic * DAY_MS) / checkedMs;
}

/** The recommendation with what became of it. */
export function withStatus(entry: BookEntry, recommendation: Recommendation): Recommendation {
  if (entry.verified !== null) {
    return { ...recommendation, status: 'verified', saved: entry.verified.saved };
  }
  return { ...recommendation, status: entry.gone === null ? 'open' : 'followed' };
}
