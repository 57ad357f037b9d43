/** What there is: services, their instances, and their metrics with attributes. */
import type { MetricKind } from '../../shared/metric.js';
import type { FileReader } from '../store/file-readers.js';
import type { MetricsRequest } from '../store/store.js';
import type { ProcessRecord } from './accounts.js';
import { recordOf } from './selection.js';

export interface Service {
  readonly name: string;
  readonly environments: readonly string[];
  readonly versions: readonly string[];
  /** Processes seen since the oldest data. */
  readonly instances: number;
  readonly lastSeenMs: number;
}

/** A shorter life is a script's or a test's, or mostly its start. */
export const LASTING_MS_MIN = 600_000;

export interface Instance {
  readonly agent: string;
  readonly boot: string;
  readonly service: string;
  readonly resource: Readonly<Record<string, string>>;
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
  /** How far this machine's clock is ahead of the process's, in ms, delay included. */
  readonly skewMs: number;
}

export interface MetricSummary {
  readonly name: string;
  readonly kind: MetricKind;
  readonly unit: string;
  readonly attributes: Readonly<Record<string, readonly string[]>>;
  readonly series: number;
}

/** Values shown of one attribute; a route list has hundreds. */
const VALUES_MAX = 200;

export function servicesOf(records: readonly ProcessRecord[]): Service[] {
  const byName = new Map<string, ProcessRecord[]>();
  for (const record of records) {
    const list = byName.get(record.service);
    if (list === undefined) byName.set(record.service, [record]);
    else list.push(record);
  }
  return [...byName].map(([name, list]) => ({
    name,
    environments: distinct(list, 'deployment.environment.name'),
    versions: distinct(list, 'service.version'),
    instances: list.length,
    // Not by arguments: a service has had more processes than the stack has room for.
    lastSeenMs: list.reduce((last, { lastMs }) => Math.max(last, lastMs), 0),
  }));
}

function distinct(records: readonly ProcessRecord[], attribute: string): string[] {
  const values = new Set<string>();
  for (const { resource } of records) {
    const value = resource[attribute];
    if (value !== undefined && values.size < VALUES_MAX) values.add(value);
  }
  return [...values];
}

export function instanceOf(record: ProcessRecord): Instance {
  const { agent, boot, service, resource, firstMs, lastMs, skewMs } = record;
  return { agent, boot, service, resource, firstSeenMs: firstMs, lastSeenMs: lastMs, skewMs };
}

/** The metrics of files that cover any of the range. Files of days have none that those of hours have not. */
export function metricsOf(
  readers: readonly FileReader[],
  { service, fromMs, toMs }: MetricsRequest,
): MetricSummary[] {
  const found = new Map<string, { row: MetricSummary; series: Set<string> }>();
  for (const reader of readers) {
    if (reader.level === 'day' || reader.fromMs >= toMs || reader.toMs <= fromMs) continue;
    const rows = reader.file.sql
      .prepare(
        `SELECT name, kind, unit, s.attributes FROM metrics m JOIN series s ON s.metric = m.id
        WHERE ? IS NULL OR service = ?`,
      )
      .all([service ?? null, service ?? null]);
    for (const row of rows) {
      const { name, kind, unit } = row as { name: string; kind: MetricKind; unit: string };
      const key = JSON.stringify([name, kind, unit]);
      let entry = found.get(key);
      if (entry === undefined) {
        entry = { row: { name, kind, unit, attributes: {}, series: 0 }, series: new Set() };
        found.set(key, entry);
      }
      entry.series.add(row.attributes as string);
    }
  }
  return [...found.values()]
    .map(({ row, series }) => ({ ...row, attributes: valuesIn(series), series: series.size }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function valuesIn(series: ReadonlySet<string>): Record<string, string[]> {
  const values = new Map<string, Set<string>>();
  for (const json of series) {
    for (const [name, value] of Object.entries(recordOf(json))) {
      const set = values.get(name) ?? new Set();
      if (set.size < VALUES_MAX) set.add(value);
      values.set(name, set);
    }
  }
  return Object.fromEntries([...values].map(([name, set]) => [name, [...set].sort()]));
}
