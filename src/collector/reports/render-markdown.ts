/**
 * A report as Markdown (GitHub's). Pure. Every character that Markdown or HTML gives a meaning is escaped, line
 * ends become spaces, and code lies in a fence longer than any in it: no name can make a link, a heading or a tag.
 */

import { safeText } from './render-terminal.js';
import type { Block, Cell, Column, ReportDocument } from './report-document.js';

const BAR_CELLS = 10;

export function renderMarkdown({ title, subtitle, verdict, blocks }: ReportDocument): string {
  const head = [
    `# ${escaped(title)}`,
    '',
    `*${escaped(subtitle)}*`,
    '',
    `**${escaped(verdict.text)}**`,
  ];
  return `${[...head, ...blocks.flatMap((block) => ['', ...linesOf(block)])].join('\n')}\n`;
}

function linesOf(block: Block): string[] {
  switch (block.type) {
    case 'heading':
      return [`## ${escaped(block.text)}`];
    case 'text':
      return [escaped(block.text)];
    case 'list':
      return block.items.map(({ text }) => `- ${escaped(text)}`);
    case 'code':
      return fenced(block.text);
    case 'tiles':
      return tableLines(
        block.tiles.map(({ label }) => ({ title: label, align: 'left' })),
        [block.tiles.map(({ value, note }) => ({ text: `${value} ${note}` }))],
      );
    case 'table':
      return tableLines(block.columns, block.rows);
  }
}

function tableLines(columns: readonly Column[], rows: readonly (readonly Cell[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(columns.map(({ title }) => escaped(title) || ' ')),
    line(columns.map(({ align }) => (align === 'right' ? '---:' : '---'))),
    ...rows.map((row) => line(row.map(cellText))),
  ];
}

function cellText({ text, bar }: Cell): string {
  if (bar === undefined) return escaped(text);
  const filled = Math.round(bar * BAR_CELLS);
  return `${'█'.repeat(filled)}${'░'.repeat(BAR_CELLS - filled)} ${escaped(text)}`;
}

function fenced(text: string): string[] {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return [fence, ...text.split('\n').map(safeText), fence];
}

function escaped(text: string): string {
  return (
    safeText(text)
      .replace(/[\\`*_{}[\]()#+!|<>~&$]/g, '\\$&')
      // At the beginning of a line these make lists and rules.
      .replace(/^(\s*)([-=])/, '$1\\$2')
      .replace(/^(\s*\d+)([.)])/, '$1\\$2')
      // What looks like an address is made a link by GitHub; a word joiner takes it apart.
      .replace(/(https?|ftp|mailto|www)(?=[:.])/gi, '$1\u2060')
      .replace(/@/g, '@\u2060')
  );
}
