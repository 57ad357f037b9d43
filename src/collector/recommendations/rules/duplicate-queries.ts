/** Rule: the same query with the same values more than once in a request. From the findings of the agents. */
import { items, quoted, time, times } from '../words.js';
import { type Rule, routeMeasure } from './rule.js';

export const duplicateQueries: Rule = ({ findings }) =>
  findings
    .filter(({ kind }) => kind === 'duplicate_query')
    .map((finding) => {
      const { method, route, operation, query, callsPerRequest, code, requests } = finding;
      const where = route === '' ? operation : `${method} ${route}`;
      return {
        type: 'duplicate_query',
        subject: `${where} ${query}`,
        title: `Same query several times: ${where}`,
        finding: `A request of ${where} asks ${quoted(query)} ${times(callsPerRequest)} with the same values.`,
        evidence: [
          `${items(requests, 'request')} did it; ${time(finding.wasted)} went to answers that were already there.`,
          ...(code === null ? [] : [`Issued at ${code.file}:${code.line} (${code.function}).`]),
        ],
        costPerDay: finding.perDay,
        fix: {
          text: finding.fix || 'Read it once and pass the value on, or keep it for a short while.',
          code: null,
          language: null,
        },
        confidence: finding.confidence,
        verification: `The statement is made once a request of ${where}.`,
        route: route === '' ? null : where,
        query,
        code: code && { file: code.file, line: code.line },
        measure: routeMeasure(method, route),
      };
    });
