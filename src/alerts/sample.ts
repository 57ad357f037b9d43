/** One reading of a metric, as rules judge it: of a group, over a window that ended at an event time. Pure data. */

export interface Sample {
  /** Of the rules that judge it. */
  readonly metric: string;
  /** Empty where it is of a host or of the collector. */
  readonly service: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** In the unit of the rules. */
  readonly value: number;
  /** Values that it was made of; null where that says nothing, as of a gauge. */
  readonly count: number | null;
  /** Unix ms: the end of the window by the clock of the data, not when it was looked at. */
  readonly timeMs: number;
  /** In place of the rules' threshold: budgets have limits of single routes and services. */
  readonly limit?: number;
  /** What explains the value, in a sentence: when memory will be full. */
  readonly note?: string;
}

/** What tells the alerts of one metric apart; the same for its levels. */
export function groupKey({
  metric,
  service,
  attributes,
}: Pick<Sample, 'metric' | 'service' | 'attributes'>): string {
  const pairs = Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([metric, service, pairs]);
}
