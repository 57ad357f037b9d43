/** How a report is written: for a terminal, as JSON, or as Markdown, in which what a service is called must not become markup. */
import { UsageError } from './exit-codes.js';
import { safeName } from './format-value.js';

export const REPORT_FORMATS = ['human', 'json', 'md'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** @throws {UsageError} */
export function reportFormatOf(text = 'human'): ReportFormat {
  const format = REPORT_FORMATS.find((one) => one === text);
  if (format !== undefined) return format;
  throw new UsageError(`expected --format human, json or md, got ${JSON.stringify(text)}.`);
}

/** Text in Markdown: every character that could be markup is escaped. */
export function escapedMarkdown(text: string): string {
  return safeName(text).replace(/[\\`*_{}[\]()<>#+\-.!|~&]/g, '\\$&');
}

/** Code in Markdown, in a fence that nothing in it can close. */
export function fencedMarkdown(code: string, language: string): string {
  const longest = Math.max(2, ...(code.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  const lines = code.split('\n').map(safeName).join('\n');
  return `${fence}${language}\n${lines}\n${fence}`;
}

/** Words in lines of at most `width` columns, each after `indent`. */
export function wrapped(text: string, width: number, indent: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of safeName(text).split(' ')) {
    if (line !== '' && indent.length + line.length + 1 + word.length > width) {
      lines.push(indent + line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return line === '' ? lines : [...lines, indent + line];
}
