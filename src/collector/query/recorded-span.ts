/**
 * The time a query's rates are over: from the start of the first window that began in the range to
 * the end of the last, of whatever metric, of the processes that the query is about. So a service that
 * began half a minute ago has the rate of that half minute, and a rare thing is rare over the whole
 * time in which it could have been seen. A few look-ups in each file's index, whatever the range.
 */
import { covering, type FileReader } from '../store/file-readers.js';
import type { QueryRequest } from './query-request.js';
import { recordOf } from './selection.js';

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Undefined when no window began in the range. `readers` are those as fine as the request's level. */
export function recordedSpan(
  readers: readonly FileReader[],
  request: QueryRequest,
): Span | undefined {
  const { fromMs, toMs } = request;
  const withWindows = [
    ...covering(readers, 'minute', fromMs, toMs),
    ...covering(readers, 'raw', fromMs, toMs),
  ];
  const spans = withWindows.flatMap((reader) => spanOfWindows(reader, request) ?? []);
  // 1 h files hold no windows: what they alone still know is told by their processes' accounts.
  const oldestMs = Math.min(...withWindows.map((reader) => reader.fromMs));
  const before = { ...request, toMs: Math.min(toMs, oldestMs) };
  for (const reader of covering(readers, 'hour', fromMs, before.toMs)) {
    // One by one: a month has more processes than the stack has room for arguments.
    for (const span of spansOfAccounts(reader, before)) spans.push(span);
  }
  if (spans.length === 0) return undefined;
  return {
    fromMs: spans.reduce((least, span) => Math.min(least, span.fromMs), spans[0]!.fromMs),
    toMs: spans.reduce((most, span) => Math.max(most, span.toMs), spans[0]!.toMs),
  };
}

interface ProcessRow {
  readonly id: number;
  readonly service: string;
  readonly resource: string;
  readonly first_ms: number;
  readonly last_ms: number;
}

/** The processes of a file, and which of them the request is about. */
function processesOf(
  { file }: FileReader,
  { service, where }: QueryRequest,
): { readonly all: number; readonly meant: readonly ProcessRow[] } {
  const all = file.sql
    .prepare('SELECT id, service, resource, first_ms, last_ms FROM processes')
    .all([]) as unknown as ProcessRow[];
  const meant = all.filter((row) => {
    if (service !== undefined && row.service !== service) return false;
    if (where.length === 0) return true;
    const resource = recordOf(row.resource);
    // What the resource does not name may be an attribute of a series.
    return where.every(
      ([name, value]) => !Object.hasOwn(resource, name) || resource[name] === value,
    );
  });
  return { all: all.length, meant };
}

function spanOfWindows(reader: FileReader, request: QueryRequest): Span | undefined {
  const { all, meant } = processesOf(reader, request);
  if (meant.length === 0) return undefined;
  // The plus keeps SQLite on the index of starts, which ends at the first hit.
  const ofThese = meant.length === all ? '' : 'AND +process IN (SELECT value FROM json_each(?)) ';
  const values: (number | string)[] = [request.fromMs, request.toMs];
  if (meant.length < all) values.push(JSON.stringify(meant.map(({ id }) => id)));
  const begun = `FROM batches WHERE start_ms >= ? AND start_ms < ? ${ofThese}ORDER BY start_ms`;
  const { sql } = reader.file;
  const first = sql.prepare(`SELECT start_ms ${begun} LIMIT 1`).get(values);
  if (first === undefined) return undefined;
  const last = sql
    .prepare(`SELECT start_ms + duration_ms AS end_ms ${begun} DESC, duration_ms DESC LIMIT 1`)
    .get(values);
  return { fromMs: first.start_ms as number, toMs: last?.end_ms as number };
}

/** From a process's first window to its newest batch, as far as that is in the range. */
function spansOfAccounts(reader: FileReader, request: QueryRequest): Span[] {
  return processesOf(reader, request)
    .meant.map((row) => ({
      fromMs: Math.max(request.fromMs, row.first_ms),
      toMs: Math.min(request.toMs, row.last_ms),
    }))
    .filter(({ fromMs, toMs }) => fromMs < toMs);
}
