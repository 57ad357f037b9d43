/** A guess, from an index alone, of how many rows a query will read: decides where it runs. */
import { LEVEL_MS } from '../store/data-folder.js';
import { covering, type FileReader } from '../store/file-readers.js';
import { type LevelSpan, levelSpans } from './level-spans.js';
import type { QueryRequest } from './query-request.js';

/** Times in the range × series of the metric × processes of the newest file: rather too many. */
export function estimateRows(readers: readonly FileReader[], request: QueryRequest): number {
  return levelSpans(request).reduce((sum, span) => sum + rowsIn(readers, request, span), 0);
}

function rowsIn(
  readers: readonly FileReader[],
  { metric }: QueryRequest,
  { level, fromMs, toMs }: LevelSpan,
): number {
  const reader = covering(readers, level, fromMs, toMs).at(-1);
  if (reader === undefined) return 0;
  const row = reader.file.sql
    .prepare(
      'SELECT count(*) AS series FROM series JOIN metrics ON metrics.id = series.metric WHERE name = ?',
    )
    .get([metric]);
  const processes = reader.file.sql.prepare('SELECT count(*) AS total FROM processes').get([]);
  const times = Math.ceil((toMs - Math.max(fromMs, reader.fromMs)) / LEVEL_MS[level]);
  return times * (row?.series as number) * (processes?.total as number);
}
