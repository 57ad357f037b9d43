/**
 * The rows of a metric in time order, whatever file they are in. A rollup lags behind, so what it has
 * not taken over yet is read from the raw files beside it: an answer is always complete, and nothing
 * is in it twice. Each file is read in one read transaction, so a rollup that commits meanwhile
 * changes nothing.
 */
import { LEVEL_MS } from '../store/data-folder.js';
import { covering, type FileReader } from '../store/file-readers.js';
import { progressOf } from '../store/rollup.js';
import type { SqlRow } from '../store/sql-driver.js';
import type { LevelSpan } from './level-spans.js';
import type { QueryRequest } from './query-request.js';
import { type Finder, type GroupOf, groupFinder, type MetricRow, metricRows } from './selection.js';

/** One time of one file: a few index look-ups. */
export interface Slot {
  readonly timeMs: number;
  readonly part: Part;
}

/** One file's share of a query. */
export interface Part {
  readonly reader: FileReader;
  readonly metricIds: readonly number[];
  readonly groupOf: GroupOf;
  /** Series that are read, as JSON; undefined: all of the metrics. */
  readonly series: string | undefined;
  /** Rows of batches up to this one are in the rollup already. */
  readonly afterBatch: number;
  readonly mostlyAfterMs: number | undefined;
}

export interface RowSource {
  readonly definition: MetricRow;
  readonly excluded: readonly MetricRow[];
  readonly slots: readonly Slot[];
}

const COLUMNS = 'series, process, duration_ms, count, sum, min, max, last, last_ms';
const FROM = 'FROM points WHERE start_ms = ? AND metric = ? AND batch >= ?';
const READ_ALL = `SELECT ${COLUMNS}, payload ${FROM}`;
const READ_SUMS = `SELECT ${COLUMNS}, NULL AS payload ${FROM}`;
const OF_SERIES = 'AND series IN (SELECT value FROM json_each(?))';
const READ_ALL_OF_SERIES = `${READ_ALL} ${OF_SERIES}`;
const READ_SUMS_OF_SERIES = `${READ_SUMS} ${OF_SERIES}`;
const STARTS =
  'SELECT DISTINCT start_ms FROM batches WHERE start_ms >= ? AND start_ms < ? AND id > ?';
const STARTS_OF_LATER = `${STARTS} AND start_ms + duration_ms / 2 > ?`;

/** Undefined when no file knows the metric. */
export function rowSource(
  readers: readonly FileReader[],
  request: QueryRequest,
  spans: readonly LevelSpan[] = [request],
): RowSource | undefined {
  const sources = spans
    .flatMap((span) => sourcesOf(readers, span))
    .map((source) => ({ ...source, metrics: metricRows(source.reader.file, request) }));
  const known = sources.flatMap(({ metrics }) => metrics);
  const definition = newestDefinition(sources);
  if (definition === undefined) return undefined;
  const finders = new Map<FileReader, Finder>();
  const { mostlyAfterMs } = request;
  const slots = sources.flatMap(({ reader, span, afterBatch, metrics }) => {
    const metricIds = metrics.filter((row) => sameDefinition(row, definition)).map(({ id }) => id);
    const finder = finders.get(reader) ?? groupFinder(reader.file, metricIds, request);
    finders.set(reader, finder);
    const series = finder.few && JSON.stringify(finder.few);
    const { groupOf } = finder;
    return slotsOf({ reader, metricIds, afterBatch, groupOf, series, mostlyAfterMs }, span);
  });
  slots.sort((a, b) => a.timeMs - b.timeMs);
  return { definition, excluded: otherDefinitions(known, definition), slots };
}

/** A file and what of it is read. */
interface Source {
  readonly reader: FileReader;
  readonly span: LevelSpan;
  readonly afterBatch: number;
}

function sourcesOf(readers: readonly FileReader[], span: LevelSpan): Source[] {
  const { level, fromMs, toMs } = span;
  const rollups = level === 'raw' ? [] : covering(readers, level, fromMs, toMs);
  // Progress first: it fixes the snapshot before the rows that go with it are read.
  const raws = covering(readers, 'raw', fromMs, toMs).map((reader) => {
    const taken = rollups.map(({ file }) => progressOf(file, reader.id));
    return { reader, span, afterBatch: Math.max(0, ...taken) };
  });
  return [...rollups.map((reader) => ({ reader, span, afterBatch: -1 })), ...raws];
}

function newestDefinition(
  sources: readonly { reader: FileReader; metrics: readonly MetricRow[] }[],
): MetricRow | undefined {
  const newestFirst = [...sources].sort(
    ({ reader: a }, { reader: b }) =>
      // Of one month the hours have today, too, which is no day yet.
      b.toMs - a.toMs || Number(a.level === 'day') - Number(b.level === 'day'),
  );
  return newestFirst.find(({ metrics }) => metrics.length > 0)?.metrics.at(-1);
}

function sameDefinition(a: MetricRow, b: MetricRow): boolean {
  return a.kind === b.kind && a.unit === b.unit && a.scale === b.scale;
}

function otherDefinitions(known: readonly MetricRow[], definition: MetricRow): MetricRow[] {
  const others: MetricRow[] = [];
  for (const row of known) {
    const isNew = !others.some((other) => sameDefinition(other, row));
    if (isNew && !sameDefinition(row, definition)) others.push(row);
  }
  return others;
}

function slotsOf(part: Part, { level, fromMs, toMs }: LevelSpan): Slot[] {
  const { reader } = part;
  if (part.metricIds.length === 0) return [];
  const startMs = Math.max(fromMs, reader.fromMs);
  const endMs = Math.min(toMs, reader.toMs);
  if (reader.level === 'raw') {
    const { afterBatch, mostlyAfterMs } = part;
    const later = mostlyAfterMs === undefined ? [] : [mostlyAfterMs];
    return reader.file.sql
      .prepare(mostlyAfterMs === undefined ? STARTS : STARTS_OF_LATER)
      .all([startMs, endMs, afterBatch, ...later])
      .map((row) => ({ timeMs: row.start_ms as number, part }));
  }
  const slots: Slot[] = [];
  for (let timeMs = startMs; timeMs < endMs; timeMs += LEVEL_MS[level]) {
    slots.push({ timeMs, part });
  }
  return slots;
}

/** The rows of a slot; without payloads when only sums are wanted. */
export function rowsOf(slot: Slot, sumsOnly: boolean): SqlRow[] {
  const { mostlyAfterMs } = slot.part;
  const rows = allRowsOf(slot, sumsOnly);
  // Windows that begin together need not end together.
  return mostlyAfterMs === undefined
    ? rows
    : rows.filter((row) => slot.timeMs + (row.duration_ms as number) / 2 > mostlyAfterMs);
}

function allRowsOf({ timeMs, part }: Slot, sumsOnly: boolean): SqlRow[] {
  const { series, metricIds, reader } = part;
  const first = part.afterBatch + 1;
  if (series === undefined) {
    const read = reader.file.sql.prepare(sumsOnly ? READ_SUMS : READ_ALL);
    return metricIds.flatMap((metric) => read.all([timeMs, metric, first]));
  }
  const read = reader.file.sql.prepare(sumsOnly ? READ_SUMS_OF_SERIES : READ_ALL_OF_SERIES);
  return metricIds.flatMap((metric) => read.all([timeMs, metric, first, series]));
}
