/** What one unit shows, before it is known whether others show it too. */
import { isCut } from '../../sql/canonical-text.js';
import type { Confidence, FindingKind } from '../../transport/finding-event.js';
import type { AnyRun, QueryRun } from './query-run.js';

export interface Detected {
  readonly kind: FindingKind;
  readonly system: string;
  readonly query: string;
  readonly parentQuery: string | undefined;
  readonly calls: number;
  readonly totalUs: number;
  readonly wastedUs: number;
  readonly rows: number;
  readonly errorType: string | undefined;
  readonly confidence: Confidence;
  /** Whose place is wanted: which call in a unit of which series of the thread. */
  readonly wanted: { readonly series: number; readonly call: number } | undefined;
}

/** By what calls are of one statement: of two that begin alike and are too long, the text does not tell. */
export function statementOf({ system, text, series }: QueryRun): string {
  return isCut(text) ? `${system}\0${text}\0${series}` : `${system}\0${text}`;
}

type Interval = Pick<AnyRun, 'startUs' | 'endUs'>;

/** The time during which at least one of them ran, µs: side by side counts once. In the order of their starts. */
export function unionUs(intervals: readonly Interval[]): number {
  let sumUs = 0;
  let reachedUs = Number.NEGATIVE_INFINITY;
  for (const { startUs, endUs } of intervals) {
    sumUs += Math.max(0, endUs - Math.max(startUs, reachedUs));
    reachedUs = Math.max(reachedUs, endUs);
  }
  return sumUs;
}
