/**
 * Which part of a range is read from which level: the coarsest that it could be (level-spans.ts) and that holds all that the
 * finer one does. A few look-ups in each file of hours and days.
 *
 * A file of a month may lack what a finer one has: names, past its limit of series; and of days those that are not made yet.
 */
import { DAY_MS, fileKeyAt, fileSpan } from '../store/data-folder.js';
import { goneSources, lastDayIn } from '../store/day-rollup.js';
import { covering, type FileReader } from '../store/file-readers.js';
import { type LevelSpan, levelSpans } from './level-spans.js';
import type { QueryRequest } from './query-request.js';
import { hasOverflow } from './selection.js';

/** In order, without gaps. `readers` are all that there are: a raw file of another day is not gone. */
export function readableSpans(
  readers: readonly FileReader[],
  request: QueryRequest,
): readonly LevelSpan[] {
  const spans = levelSpans(request);
  if (spans.every(({ level }) => level === request.level)) return spans;
  if (request.level === 'minute' && haveLostNames(readers, request)) return [request];
  return joined(
    spans.flatMap((span) => (span.level === 'day' ? ofDays(readers, request, span) : span)),
  );
}

function haveLostNames(readers: readonly FileReader[], request: QueryRequest): boolean {
  const hours = covering(readers, 'hour', request.fromMs, request.toMs);
  return hours.some(({ file }) => hasOverflow(file, request));
}

/** Whole days: of each month those that are made, and hours from there on. */
function ofDays(
  readers: readonly FileReader[],
  request: QueryRequest,
  { fromMs, toMs }: LevelSpan,
): LevelSpan[] {
  const spans: LevelSpan[] = [];
  for (let startMs = fromMs; startMs < toMs; ) {
    const month = fileSpan(fileKeyAt('day', startMs));
    const endMs = Math.min(toMs, month.toMs);
    const madeMs = Math.min(endMs, Math.max(startMs, madeUpTo(readers, request, month)));
    spans.push({ level: 'day', fromMs: startMs, toMs: madeMs });
    spans.push({ level: 'hour', fromMs: madeMs, toMs: endMs });
    startMs = endMs;
  }
  return spans.filter((span) => span.fromMs < span.toMs);
}

/** The end of the days of a month that can be read instead of its hours; its start where none can. */
function madeUpTo(
  readers: readonly FileReader[],
  request: QueryRequest,
  month: { readonly fromMs: number; readonly toMs: number },
): number {
  const days = covering(readers, 'day', month.fromMs, month.toMs)[0]?.file;
  if (days === undefined || hasOverflow(days, request)) return month.fromMs;
  const areWhole = covering(readers, 'hour', month.fromMs, month.toMs).every(
    ({ file }) => goneSources(file, days, readers).areKnown,
  );
  const lastMs = lastDayIn(days);
  return areWhole && lastMs !== undefined ? lastMs + DAY_MS : month.fromMs;
}

/** Neighbours of one level as one. */
function joined(spans: readonly LevelSpan[]): LevelSpan[] {
  const all: LevelSpan[] = [];
  for (const span of spans) {
    const before = all.at(-1);
    if (before?.level === span.level) all[all.length - 1] = { ...before, toMs: span.toMs };
    else all.push(span);
  }
  return all;
}
