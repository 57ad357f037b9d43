/**
 * Rule: one query for each row of another one's answer. From the findings of the agents; where a route has none, from
 * kept traces in which its requests make the same statement again and again.
 */
import type { Finding } from '../evidence/neighbours.js';
import type { Repeated } from '../evidence/trace-patterns.js';
import type { Draft } from '../recommendation.js';
import { inADay, items, ofTable, quoted, time, times } from '../words.js';
import { type Rule, routeMeasure } from './rule.js';

/** Repeats of one statement in a request that are no chance. */
const REPEATS_MIN = 5;
const TRACES_MIN = 2;
const KINDS: ReadonlySet<string> = new Set(['n_plus_one', 'pagination_loop']);
/** Asks for several at once, or takes rows from a queue. */
const IS_MEANT = /\b(?:in \(\?\)|any\s*\(|for (?:no key )?(?:update|share)\b|skip locked\b)/i;

export const nPlusOne: Rule = ({ findings, traces, routes, recordedMs }) => {
  const found = findings.filter(({ kind }) => KINDS.has(kind));
  const told = new Set(
    findings
      .filter(({ kind }) => KINDS.has(kind) || kind === 'n_plus_one_write')
      .map(({ method, route }) => `${method} ${route}`),
  );
  const suspected = traces.repeated.filter(
    (one) =>
      one.kind === 'query' &&
      one.mean >= REPEATS_MIN &&
      one.traces >= TRACES_MIN &&
      /^select\b/i.test(one.call) &&
      !IS_MEANT.test(one.call) &&
      !told.has(`${one.method} ${one.route}`) &&
      !isDuplicate(one, findings),
  );
  return [
    ...found.map(ofFinding),
    ...suspected.map((one) => {
      const calls = routes.find(
        ({ method, route }) => method === one.method && route === one.route,
      );
      return ofTraces(one, inADay(calls?.calls ?? one.traces, recordedMs));
    }),
  ];
};

/** It asks the same again and again, which is told as such. */
function isDuplicate({ method, route, call }: Repeated, findings: readonly Finding[]): boolean {
  return findings.some(
    (one) =>
      one.kind === 'duplicate_query' &&
      one.method === method &&
      one.route === route &&
      one.query.startsWith(call),
  );
}

function ofFinding(finding: Finding): Draft {
  const { method, route, operation, query, parentQuery, callsPerRequest, requests, code } = finding;
  const where = route === '' ? operation : `${method} ${route}`;
  const isPages = finding.kind === 'pagination_loop';
  return {
    type: finding.kind,
    subject: `${where} ${query}`,
    title: `${isPages ? 'Pages fetched in a loop' : 'N+1 queries'}: ${where}${ofTable(query)}`,
    finding:
      `${where} asks ${quoted(query)} ${times(callsPerRequest)} a request` +
      (parentQuery === null ? '.' : `, once for each row of ${quoted(parentQuery)}.`),
    evidence: [
      `${items(requests, 'request')} did it; ${time(finding.wasted)} of waiting was avoidable.`,
      ...(code === null ? [] : [`Issued at ${code.file}:${code.line} (${code.function}).`]),
      ...(finding.traceId === null ? [] : [`Seen in trace ${finding.traceId}.`]),
    ],
    costPerDay: finding.perDay,
    fix: { text: finding.fix, code: null, language: null },
    confidence: finding.confidence,
    verification: `Queries a request of ${where} fall from ${items(callsPerRequest, 'call')} of this statement to one.`,
    route: route === '' ? null : where,
    query,
    code: code && { file: code.file, line: code.line },
    measure: routeMeasure(method, route),
  };
}

function ofTraces(one: Repeated, requestsADay: number): Draft {
  const where = `${one.method} ${one.route}`;
  return {
    type: 'n_plus_one',
    subject: `${where} ${one.call}`,
    title: `Probably N+1 queries: ${where}${ofTable(one.call)}`,
    finding: `Requests of ${where} make the same statement ${times(Math.round(one.mean))} each: ${quoted(one.call)}`,
    evidence: [
      `${items(one.traces, 'kept trace')} of this route show it, up to ${items(one.max, 'call')} in one.`,
      `One call takes ${time(one.meanTime)}. Seen in trace ${one.traceId}.`,
    ],
    // All but one of them could go.
    costPerDay: (one.mean - 1) * one.meanTime * requestsADay,
    fix: {
      text: 'Load all rows with one query: a JOIN, the eager loading of the ORM (include, with, populate, relations), or the ids in one list.',
      code: 'SELECT … FROM … WHERE id IN (…)   -- the ids of all rows at once; = ANY($1) in PostgreSQL',
      language: 'sql',
    },
    confidence: 'medium',
    verification: `Queries a request of ${where} fall; the trace of a slow one shows the statement once.`,
    route: where,
    query: one.call,
    measure: routeMeasure(one.method, one.route),
  };
}
