/** A guess, from an index alone, of how many rows a query will read: decides where it runs. */
import { DAY_MS, LEVEL_MS } from '../store/data-folder.js';
import { covering, type FileReader } from '../store/file-readers.js';
import type { LevelSpan } from './level-spans.js';
import type { QueryRequest } from './query-request.js';
import { readableSpans } from './readable-spans.js';
import { FEW } from './selection.js';

/** Of what is asked for, a series has no other value: attributes are JSON, `[["name","value"],…]`. */
const NONE_DIFFERS = `NOT EXISTS (
  SELECT 1 FROM json_each(?) AS asked, json_each(series.attributes) AS own
  WHERE own.value ->> 0 = asked.value ->> 0 AND own.value ->> 1 <> asked.value ->> 1)`;

/** Of all processes that a file of a month has, those that were heard of in its last day: few live at the same time. */
const OF_LAST_DAY = `SELECT count(*) AS total FROM processes
  WHERE last_ms > (SELECT max(last_ms) FROM processes) - ${DAY_MS}`;

/** Times in the range × series of the metric × processes of the newest file's last day: rather too many. */
export function estimateRows(readers: readonly FileReader[], request: QueryRequest): number {
  const spans = readableSpans(readers, request);
  return spans.reduce((sum, span) => sum + rowsIn(readers, request, span), 0);
}

function rowsIn(
  readers: readonly FileReader[],
  { metric, where }: QueryRequest,
  { level, fromMs, toMs }: LevelSpan,
): number {
  const files = covering(readers, level, fromMs, toMs);
  const [oldest, newest] = [files[0], files.at(-1)];
  if (oldest === undefined || newest === undefined) return 0;
  const row = newest.file.sql
    .prepare(
      `SELECT count(*) AS every, count(*) FILTER (WHERE ${NONE_DIFFERS}) AS meant
      FROM series JOIN metrics ON metrics.id = series.metric WHERE name = ?`,
    )
    .get([JSON.stringify(where), metric]);
  const processes = newest.file.sql.prepare(OF_LAST_DAY).get([]);
  const times = Math.ceil((toMs - Math.max(fromMs, oldest.fromMs)) / LEVEL_MS[level]);
  const [every, meant] = [row?.every as number, row?.meant as number];
  return times * (meant <= every * FEW ? meant : every) * (processes?.total as number);
}
