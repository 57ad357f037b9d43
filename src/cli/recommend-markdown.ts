/** The optimisation report as Markdown: nothing in it that a service said can become markup. Pure. */
import type { Recommendation } from '../collector/recommendations/recommendation.js';
import { formatCount, formatSeconds } from './format-value.js';
import {
  costText,
  formatLong,
  type OptimisationReport,
  outcomeOf,
  summaryOf,
} from './recommend-summary.js';
import { escapedMarkdown, fencedMarkdown } from './report-format.js';

export function markdownReport(report: OptimisationReport): string {
  const rows = report.queries.map(
    ({ text, operation, calls, p50, p95, total }) =>
      `| ${escapedMarkdown(text || operation)} | ${formatCount(calls)} | ${formatSeconds(p50)} | ${formatSeconds(p95)} | ${formatLong(total)} |`,
  );
  const table = [
    '| Query | Calls | p50 | p95 | Total |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ];
  return [
    '# Optimisation report',
    '',
    ...summaryOf(report).map((line) => `- ${escapedMarkdown(line)}`),
    ...report.recommendations.flatMap((one, index) => ['', ...section(one, index + 1)]),
    ...(rows.length > 0 ? ['', '## Queries by time in all', '', ...table] : []),
    '',
  ].join('\n');
}

function section(one: Recommendation, number: number): string[] {
  const cost = costText(one);
  const outcome = outcomeOf(one);
  const { fix, code } = one;
  return [
    `## ${number}. ${escapedMarkdown(one.title)}`,
    '',
    `**${one.priority}** priority, ${one.confidence} confidence${cost === undefined ? '' : `, about ${cost} of waiting`}`,
    ...(outcome === undefined ? [] : ['', `**${escapedMarkdown(outcome)}**`]),
    '',
    escapedMarkdown(one.finding),
    '',
    ...one.evidence.map((line) => `- ${escapedMarkdown(line)}`),
    ...(code === null ? [] : [`- Code: ${escapedMarkdown(`${code.file}:${code.line}`)}`]),
    '',
    `**Fix.** ${escapedMarkdown(fix.text)}`,
    ...(fix.code === null ? [] : ['', fencedMarkdown(fix.code, fix.language ?? '')]),
    '',
    `**Verified when:** ${escapedMarkdown(one.verification)}`,
  ];
}
