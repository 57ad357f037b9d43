/** What the advisor found, as Markdown for a ticket or a wiki. Pure. What comes from the database is code or escaped. */
import type { Advice, AdviceReport } from '../advisor/advice.js';
import { safeName } from './format-value.js';
import { gainText, headline, inOrder, KIND_TITLES } from './render-advice.js';

export function adviceMarkdown(report: AdviceReport): string {
  const { advice, skipped, notes } = report;
  const lines = [
    '# Index advice',
    '',
    escaped(headline(report)),
    '',
    ...inOrder(advice).flatMap(section),
    ...(advice.length === 0 ? ['Nothing to advise.', ''] : []),
    ...(skipped.length === 0 ? [] : ['## Not planned', '']),
    ...skipped.map(({ text, reason }) => `- ${code(text)}: it ${escaped(reason)}`),
    ...(skipped.length === 0 ? [] : ['']),
    ...notes.map((note) => `> ${escaped(note)}`),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

function section(advice: Advice): string[] {
  const { kind, table, query, ddl, gain, confidence, evidence, writeCost } = advice;
  const gained = gain === null ? '' : `, ${gainText(gain)}`;
  return [
    `## ${KIND_TITLES[kind]} on ${escaped(table)}${gained}`,
    '',
    ...(ddl === null ? [] : [fenced(ddl), '']),
    ...(query === null ? [] : [`- for ${code(query)}`]),
    ...evidence.map((line) => `- ${escaped(line)}`),
    ...(writeCost === null ? [] : [`- costs: ${escaped(writeCost)}`]),
    `- ${confidence} confidence`,
    '',
  ];
}

function escaped(text: string): string {
  return safeName(text).replace(/[\\`*_{}[\]<>()#+!|~&]/g, '\\$&');
}

/** In as many backticks as it has not itself. */
function code(text: string): string {
  const fence = '`'.repeat(longestRun(text) + 1);
  return `${fence} ${safeName(text)} ${fence}`;
}

function fenced(text: string): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}sql\n${safeName(text)}\n${fence}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}
