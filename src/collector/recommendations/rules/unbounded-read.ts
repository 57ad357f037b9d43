/** Rule: reads that bring as many rows as there are, and grow with the table: paging. */
import { isCut } from '../../../sql/canonical-text.js';
import { TRACE_TEXT_LENGTH } from '../../findings/known-places.js';
import type { QueryRow } from '../../views/queries.js';
import type { Draft } from '../recommendation.js';
import { count, inADay, items, quoted, time } from '../words.js';
import { type Rule, routeMeasure } from './rule.js';

/** More than a person looks at, and than a page of an interface has. */
const ROWS_MIN = 500;
const LIMITED = /\b(?:limit|fetch\s+(?:first|next)|top)\b/i;

export const unboundedRead: Rule = ({ findings, traces, queries, recordedMs }) => {
  const found = findings
    .filter(({ kind }) => kind === 'unbounded_read')
    .map((finding): Draft => {
      const { method, route, query, code, requests } = finding;
      return {
        ...common(`${method} ${route}`.trim(), query),
        finding: `${quoted(query)} has no LIMIT and brings many rows.`,
        evidence: [
          `${items(requests, 'request')} made it, ${time(finding.total)} in all.`,
          ...(code === null ? [] : [`Issued at ${code.file}:${code.line} (${code.function}).`]),
        ],
        costPerDay: finding.perDay,
        confidence: finding.confidence,
        code: code && { file: code.file, line: code.line },
        measure: routeMeasure(method, route),
      };
    });
  const told = new Set(found.map(({ query }) => query));
  const seen = traces.manyRows
    .filter(
      ({ text, rowsMax }) =>
        rowsMax >= ROWS_MIN &&
        /^(?:select|with)\b/i.test(text) &&
        isUnlimited(text, queries) &&
        !told.has(text),
    )
    .map((one): Draft => {
      const query = queries.find(({ text }) => text.startsWith(one.text) || text === one.text);
      return {
        ...common(`${one.method} ${one.route}`.trim(), one.text),
        finding: `${quoted(one.text)} has no LIMIT and brought ${count(one.rowsMax)} rows.`,
        evidence: [
          `Seen in trace ${one.traceId}, where it took ${time(one.duration)}.`,
          ...(query === undefined
            ? []
            : [
                `${items(query.calls, 'call')}, p95 ${time(query.p95)}, ${time(query.total)} in all.`,
              ]),
        ],
        costPerDay: query === undefined ? 0 : inADay(query.total, recordedMs) / 2,
        confidence: 'medium',
        measure: routeMeasure(one.method, one.route),
      };
    });
  return [...found, ...seen];
};

/** False where not all of the statement is known: a LIMIT may be in the rest. */
function isUnlimited(text: string, queries: readonly QueryRow[]): boolean {
  const fits =
    text.length < TRACE_TEXT_LENGTH
      ? [text]
      : queries.flatMap((query) => (query.text.startsWith(text) ? [query.text] : []));
  return fits.length > 0 && fits.every((whole) => !isCut(whole) && !LIMITED.test(whole));
}

function common(where: string, query: string) {
  return {
    type: 'unbounded_read',
    subject: query,
    title: `Rows without a limit: ${where || quoted(query)}`,
    fix: {
      text: 'Page it by the last key seen, which costs the same on every page; OFFSET does not.',
      code: 'SELECT … WHERE id > $1 ORDER BY id LIMIT 100',
      language: 'sql' as const,
    },
    verification:
      'The rows of the statement are at most a page, and its time no longer grows with the table.',
    route: where || null,
    query,
  };
}
