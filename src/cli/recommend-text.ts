/** The optimisation report for a terminal. Pure. */
import type { Recommendation } from '../collector/recommendations/recommendation.js';
import type { QueryRow } from '../collector/views/queries.js';
import { formatCount, formatSeconds, NONE, safeName } from './format-value.js';
import {
  costText,
  formatLong,
  type OptimisationReport,
  outcomeOf,
  summaryOf,
} from './recommend-summary.js';
import { wrapped } from './report-format.js';
import { type Column, type Paint, table } from './table.js';

const INDENT = '   ';
const LABEL_WIDTH = 11;
const STYLES = { high: 'red', medium: 'yellow', low: 'dim' } as const;

export function humanReport(report: OptimisationReport, width: number, paint: Paint): string {
  const parts = [
    ...summaryOf(report).map(safeName),
    ...report.recommendations.flatMap((one, index) => [
      '',
      ...recommendationLines(one, index + 1, width, paint),
    ]),
    ...(report.queries.length > 0 ? ['', ...queryLines(report.queries, width, paint)] : []),
  ];
  return `${parts.join('\n')}\n`;
}

function recommendationLines(
  one: Recommendation,
  number: number,
  width: number,
  paint: Paint,
): string[] {
  const { priority, title, finding, evidence, fix, confidence, verification, code } = one;
  const cost = costText(one);
  const labelled = (label: string, text: string): string[] => {
    const indent = INDENT + ' '.repeat(LABEL_WIDTH);
    const [first = '', ...rest] = wrapped(text, width, indent);
    const head = paint('dim', label.padEnd(LABEL_WIDTH));
    return [INDENT + head + first.trimStart(), ...rest];
  };
  const outcome = outcomeOf(one);
  const open = cost === undefined ? [] : labelled('Cost', `about ${cost} of waiting`);
  return [
    `${String(number).padStart(2)} ${paint(STYLES[priority], `[${priority}]`)} ${paint('bold', safeName(title))}`,
    ...(outcome === undefined ? [] : labelled('Outcome', outcome)),
    ...labelled('Finding', finding),
    ...labelled('Evidence', evidence[0] ?? NONE),
    ...evidence.slice(1).flatMap((line) => labelled('', line)),
    ...(code === null ? [] : labelled('Code', `${code.file}:${code.line}`)),
    ...open,
    ...labelled('Fix', fix.text),
    ...(fix.code ?? '')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => `${INDENT}${' '.repeat(LABEL_WIDTH)}${paint('green', safeName(line))}`),
    ...labelled('Confidence', confidence),
    ...labelled('Verified', `when ${lowerFirst(verification)}`),
  ];
}

function lowerFirst(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text[0]!.toLowerCase() + text.slice(1) : text;
}

const COLUMNS: readonly Column<QueryRow>[] = [
  { title: 'calls', width: 9, text: ({ calls }) => formatCount(calls) },
  { title: 'p50', width: 10, text: ({ p50 }) => formatSeconds(p50) },
  { title: 'p95', width: 10, text: ({ p95 }) => formatSeconds(p95) },
  { title: 'total', width: 10, text: ({ total }) => formatLong(total) },
];

function queryLines(queries: readonly QueryRow[], width: number, paint: Paint): string[] {
  const nameOf = ({ text, operation }: QueryRow): string => safeName(text || operation);
  return table('Queries by time in all', queries, nameOf, COLUMNS, width, paint, () => false);
}
