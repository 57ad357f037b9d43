/** A trace as Markdown, for an issue or a message. Pure. */
import type { TracePart } from '../../api/answers.js';
import { waterfallRows } from '../../charts/waterfall-rows.js';
import { markdownText } from '../../parts/export-text.js';
import { formatSeconds, plural } from '../../parts/format-value.js';
import { traceName } from '../../parts/trace-link.js';

export function traceMarkdown(part: TracePart): string {
  const { duration, queries, queryTime, statusCode, traceId, timeMs } = part;
  const facts = [
    statusCode === null ? part.reason : `${part.reason}, status ${statusCode}`,
    formatSeconds(duration),
    `${plural(queries, 'query', 'queries')} ${formatSeconds(queryTime)}`,
    new Date(timeMs).toISOString(),
    `trace ${traceId}`,
  ];
  const rows = waterfallRows(part).map(({ kind, label, offset, duration: took, note }) => [
    formatSeconds(offset),
    formatSeconds(took),
    kind,
    note === '' ? label : `${label} (${note})`,
  ]);
  const table = markdownText({ titles: ['at', 'took', 'kind', 'what'], rows });
  return `**${traceName(part).replace(/[\\`*_<>[\]]/g, '\\$&')}**: ${facts.join(', ')}\n\n${table}`;
}
