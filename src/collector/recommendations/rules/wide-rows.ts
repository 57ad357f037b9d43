/** Rule: SELECT * of wide rows of which little is used, or chatty requests. From the findings of the agents. */
import { items, quoted, time } from '../words.js';
import { type Rule, routeMeasure } from './rule.js';

export const wideRows: Rule = ({ findings }) =>
  findings
    .filter(({ kind }) => kind === 'wide_rows')
    .map((finding) => {
      const { method, route, query, code } = finding;
      return {
        type: 'wide_rows',
        subject: query,
        title: `All columns of wide rows: ${method} ${route}`,
        finding: `${quoted(query)} reads every column of its rows.`,
        evidence: [
          `${items(finding.requests, 'request')} made it, ${time(finding.total)} in all.`,
          ...(code === null ? [] : [`Issued at ${code.file}:${code.line} (${code.function}).`]),
        ],
        costPerDay: finding.perDay,
        fix: {
          text: finding.fix || 'Name the columns that are used.',
          code: null,
          language: null,
        },
        confidence: finding.confidence,
        verification: 'The time of the statement falls.',
        route: `${method} ${route}`,
        query,
        code: code && { file: code.file, line: code.line },
        measure: routeMeasure(method, route),
      };
    });
