/** Rule: many writes of one row each in a request, that could be one statement. */
import type { Draft } from '../recommendation.js';
import { inADay, items, ofTable, quoted, time } from '../words.js';
import { type Rule, routeMeasure } from './rule.js';

const REPEATS_MIN = 5;
const KINDS: ReadonlySet<string> = new Set(['single_row_writes', 'n_plus_one_write']);
const INSERT = 'INSERT INTO … (a, b) VALUES (…), (…), …';
const DELETE = 'DELETE FROM … WHERE id IN (…)';
const UPDATE = 'UPDATE … SET a = CASE id WHEN … THEN … END WHERE id IN (…)';
const OF_POSTGRES = {
  insert:
    'INSERT INTO … (a, b) SELECT * FROM unnest($1::int[], $2::text[])   -- or VALUES (…), (…), …',
  delete: 'DELETE FROM … WHERE id = ANY($1)',
  update: 'UPDATE … AS t SET a = v.a FROM (VALUES (…), (…)) AS v (id, a) WHERE t.id = v.id',
};

export const bulkWrites: Rule = ({ findings, traces, routes, recordedMs }) => {
  const found = findings
    .filter(({ kind }) => KINDS.has(kind))
    .map((finding): Draft => {
      const { method, route, operation, query, callsPerRequest, requests, code } = finding;
      const where = route === '' ? operation : `${method} ${route}`;
      return {
        ...common(where, query, callsPerRequest),
        evidence: [
          `${items(requests, 'request')} did it; ${time(finding.wasted)} of waiting was avoidable.`,
          ...(code === null ? [] : [`Issued at ${code.file}:${code.line} (${code.function}).`]),
        ],
        costPerDay: finding.perDay,
        fix: { text: finding.fix, code: codeOf(query, finding.system), language: 'sql' },
        confidence: finding.confidence,
        route: route === '' ? null : where,
        code: code && { file: code.file, line: code.line },
        measure: routeMeasure(method, route),
      };
    });
  const told = new Set(found.map(({ route }) => route));
  const suspected = traces.repeated
    .filter(
      ({ kind, call, mean, method, route }) =>
        kind === 'query' &&
        mean >= REPEATS_MIN &&
        /^(?:insert|update|delete|replace|merge)\b/i.test(call) &&
        !told.has(`${method} ${route}`),
    )
    .map((one): Draft => {
      const where = `${one.method} ${one.route}`;
      const row = routes.find(({ method, route }) => method === one.method && route === one.route);
      return {
        ...common(where, one.call, Math.round(one.mean)),
        evidence: [
          `${items(one.traces, 'kept trace')} of this route show it, up to ${items(one.max, 'write')} in one.`,
          `One write takes ${time(one.meanTime)}. Seen in trace ${one.traceId}.`,
        ],
        costPerDay: (one.mean - 1) * one.meanTime * inADay(row?.calls ?? one.traces, recordedMs),
        fix: {
          text: 'Write all rows with one statement.',
          code: codeOf(one.call, ''),
          language: 'sql',
        },
        confidence: 'medium',
        route: where,
        measure: routeMeasure(one.method, one.route),
      };
    });
  return [...found, ...suspected];
};

function codeOf(query: string, system: string): string {
  const isPostgres = system === 'postgresql';
  if (/^delete\b/i.test(query)) return isPostgres ? OF_POSTGRES.delete : DELETE;
  if (/^update\b/i.test(query)) return isPostgres ? OF_POSTGRES.update : UPDATE;
  return isPostgres ? OF_POSTGRES.insert : INSERT;
}

function common(where: string, query: string, calls: number) {
  return {
    type: 'bulk_write',
    subject: `${where} ${query}`,
    title: `Rows written one by one: ${where}${ofTable(query)}`,
    finding: `A request of ${where} makes ${items(calls, 'write')} of one row each: ${quoted(query)}`,
    verification: `The statement is made once a request of ${where}, and its time falls.`,
    query,
  };
}
