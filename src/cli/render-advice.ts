/** What the advisor found, for the terminal: what helps most first. Pure. Names come from databases and are neutralised. */
import type { Advice, AdviceKind, AdviceReport } from '../advisor/advice.js';
import { formatItems } from '../shared/format-items.js';
import { safeName } from './format-value.js';
import type { Paint } from './table.js';

export const KIND_TITLES: Readonly<Record<AdviceKind, string>> = {
  missing_index: 'missing index',
  unused_index: 'unused index',
  duplicate_index: 'duplicate index',
  foreign_key_without_index: 'foreign key without an index',
  never_analysed: 'never analysed',
  bloat: 'bloat',
  cast: 'expression that defeats an index',
};
const KINDS = Object.keys(KIND_TITLES) as AdviceKind[];

/** Reasons to skip that are shown; all are in the JSON. */
const SKIPPED_MAX = 10;

export function renderAdvice(report: AdviceReport, paint: Paint): string {
  const { advice, skipped, notes } = report;
  const shownSkipped = skipped.slice(0, SKIPPED_MAX);
  const lines = [
    headline(report),
    '',
    ...inOrder(advice).flatMap((one) => [...adviceLines(one, paint), '']),
    ...(advice.length === 0 ? [paint('green', 'Nothing to advise.'), ''] : []),
    ...shownSkipped.map(({ text, reason }) =>
      paint('dim', `not planned: it ${safeName(reason)}\n  ${safeName(text)}`),
    ),
    ...(skipped.length > SKIPPED_MAX
      ? [paint('dim', `and ${skipped.length - SKIPPED_MAX} more that were not planned`)]
      : []),
    ...notes.map((note) => paint('dim', `note: ${safeName(note)}`)),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

/** What was looked at, and how. */
export function headline({
  system,
  version,
  database,
  method,
  plans,
  skipped,
}: AdviceReport): string {
  const planned = formatItems(plans.length, 'statement');
  const how = method === 'hypothetical' ? 'indexes were tried' : 'indexes were estimated';
  const rest = skipped.length === 0 ? '' : `, ${skipped.length} not`;
  return `${system} ${safeName(version)}, ${safeName(database)}: ${planned} planned${rest}; ${how}`;
}

/** By kind, of a kind what gains most first. */
export function inOrder(advice: readonly Advice[]): Advice[] {
  return [...advice].sort(
    (a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || (b.gain ?? 0) - (a.gain ?? 0),
  );
}

function adviceLines(advice: Advice, paint: Paint): string[] {
  const { kind, table, query, ddl, gain, confidence, evidence, writeCost } = advice;
  const gained = gain === null ? '' : `, ${gainText(gain)}`;
  const title = `${KIND_TITLES[kind]} on ${safeName(table)}${gained} (${confidence} confidence)`;
  return [
    paint('bold', title),
    ...(ddl === null ? [] : [`  ${paint('green', safeName(ddl))}`]),
    ...(query === null ? [] : [`  for   ${safeName(query)}`]),
    ...evidence.map((line) => `  why   ${safeName(line)}`),
    ...(writeCost === null ? [] : [`  costs ${safeName(writeCost)}`]),
  ];
}

export function gainText(gain: number): string {
  return `about ${gain >= 100 ? Math.round(gain) : gain.toPrecision(2)} times cheaper`;
}
