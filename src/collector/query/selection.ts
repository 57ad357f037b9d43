/**
 * Which rows of a file a query wants, and the group each belongs to. Resource attributes
 * (`service.version`, `host.name` …) are used like those of the series; a series has precedence.
 */
import { OTHER } from '../../shared/metric.js';
import type { Attributes } from '../../transport/batch.js';
import { OVERFLOW_SERIES } from '../store/file-index.js';
import type { DataFile } from '../store/schema.js';
import type { QueryRequest } from './query-request.js';

/** One group's attributes and the key that is the same in every file. */
export interface GroupKey {
  readonly key: string;
  readonly attributes: Record<string, string>;
}

/** A metric's definition in one file. */
export interface MetricRow {
  readonly id: number;
  readonly kind: string;
  readonly unit: string;
  readonly scale: number;
}

/** Finds the group of a row, or undefined when the query does not want it. */
export type GroupOf = (series: number, process: number) => GroupKey | undefined;

export interface Finder {
  readonly groupOf: GroupOf;
  /** The series that may be wanted, where they are few of all; undefined: all are read. */
  readonly few: readonly number[] | undefined;
}

/** Looking a series up costs about as much as reading four on the way. */
export const FEW: number = 1 / 4;

export function metricRows(file: DataFile, request: QueryRequest): MetricRow[] {
  const byService = request.service === undefined ? '' : ' AND service = ?';
  const values = request.service === undefined ? [] : [request.service];
  return file.sql
    .prepare(`SELECT id, kind, unit, scale FROM metrics WHERE name = ?${byService} ORDER BY id`)
    .all([request.metric, ...values]) as unknown as MetricRow[];
}

/** Whether a series of the metric has lost its attributes in this file. */
export function hasOverflow(file: DataFile, request: QueryRequest): boolean {
  const find = file.sql.prepare('SELECT 1 FROM series WHERE metric = ? AND attributes = ?');
  return metricRows(file, request).some(({ id }) => find.get([id, OVERFLOW_SERIES]) !== undefined);
}

export function groupFinder(
  file: DataFile,
  metricIds: readonly number[],
  request: QueryRequest,
): Finder {
  const series = new Map<number, Record<string, string>>();
  const readSeries = file.sql.prepare('SELECT id, attributes FROM series WHERE metric = ?');
  for (const metric of metricIds) {
    for (const row of readSeries.all([metric])) {
      series.set(row.id as number, recordOf(row.attributes as string));
    }
  }
  const resources = new Map<number, Record<string, string>>();
  for (const row of file.sql.prepare('SELECT id, resource FROM processes').all([])) {
    resources.set(row.id as number, recordOf(row.resource as string));
  }
  const groups = new Map<string, GroupKey | undefined>();
  const may = [...series].filter(([, own]) => mayBeWanted(own, request)).map(([id]) => id);
  const few = may.length <= series.size * FEW ? may : undefined;
  const find: GroupOf = (seriesId, processId) => {
    const pair = `${seriesId} ${processId}`;
    if (groups.has(pair)) return groups.get(pair);
    const own = series.get(seriesId) ?? {};
    const group = groupOf(own, resources.get(processId) ?? {}, request);
    groups.set(pair, group);
    return group;
  };
  return { groupOf: find, few };
}

/** What a series does not name itself may be an attribute of its process. */
function mayBeWanted(own: Readonly<Record<string, string>>, { where }: QueryRequest): boolean {
  return where.every(([name, value]) => !Object.hasOwn(own, name) || own[name] === value);
}

function groupOf(
  own: Record<string, string>,
  resource: Record<string, string>,
  request: QueryRequest,
): GroupKey | undefined {
  const read = (name: string): string | undefined => {
    if (Object.hasOwn(own, name)) return own[name];
    if (Object.hasOwn(resource, name)) return resource[name];
    // What was past the series limit has lost its attributes.
    return Object.hasOwn(own, OTHER) ? OTHER : undefined;
  };
  for (const [name, value] of request.where) {
    if ((read(name) ?? '') !== value) return undefined;
  }
  const names = request.group === '*' ? Object.keys(own) : request.group;
  const pairs = names.map((name): [string, string] => [name, read(name) ?? '']);
  return { key: JSON.stringify(pairs), attributes: Object.fromEntries(pairs) };
}

export function recordOf(json: string): Record<string, string> {
  return Object.fromEntries(JSON.parse(json) as Attributes);
}
