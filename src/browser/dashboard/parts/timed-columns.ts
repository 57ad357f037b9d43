/** Columns that tables of timed things have in common. */
import type { Timed } from '../api/answers.js';
import type { Column } from './data-table.js';
import { formatCount, formatPercentile, formatSeconds, SAMPLES_MIN } from './format-value.js';

const PERCENTILES = ['p50', 'p95', 'p99'] as const;

/** @param ofCalls what a call is called, and why a percentile may be missing */
export function spreadColumns<Row extends Timed>(ofCalls: {
  readonly title: string;
  readonly hint?: string;
}): readonly Column<Row>[] {
  const { title, hint } = ofCalls;
  return [
    { key: 'calls', title, value: (row) => row.calls, show: (row) => formatCount(row.calls) },
    ...PERCENTILES.map(
      (key): Column<Row> => ({
        key,
        title: key,
        value: (row) => (row.calls < SAMPLES_MIN ? null : row[key]),
        show: (row) => formatPercentile(row[key], row.calls),
        ...(hint !== undefined && { hint }),
      }),
    ),
    { key: 'max', title: 'Max', value: (row) => row.max, show: (row) => formatSeconds(row.max) },
  ];
}
