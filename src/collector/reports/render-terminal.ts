/**
 * A report as text for a terminal or a log. Pure. Control characters, escapes and characters that reorder text are
 * shown as `·`, whatever a service is called.
 */
import type { Block, Cell, Column, ReportDocument, Tone } from './report-document.js';

/** Marks text; the plain one returns it as it is. */
export type PaintTone = (tone: Tone | 'heading', text: string) => string;

const BAR_CELLS = 10;
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const;
/** A name is cut so that the rest of its row stays on the screen. */
const NAME_WIDTH_MAX = 64;

export function renderTerminal(
  { title, subtitle, verdict, blocks }: ReportDocument,
  paint: PaintTone = (_tone, text) => text,
): string {
  const head = [
    paint('heading', safeText(title)),
    paint('dim', safeText(subtitle)),
    '',
    paint(verdict.tone, safeText(verdict.text)),
  ];
  return `${[...head, ...blocks.flatMap((block) => linesOf(block, paint))].join('\n')}\n`;
}

function linesOf(block: Block, paint: PaintTone): string[] {
  switch (block.type) {
    case 'heading':
      return ['', paint('heading', safeText(block.text))];
    case 'text':
      return [paint(block.tone ?? 'plain', safeText(block.text))];
    case 'list':
      return block.items.map(({ text, tone = 'plain' }) => `  • ${paint(tone, safeText(text))}`);
    case 'code':
      // A fix may have several lines; each is made safe by itself.
      return block.text.split('\n').map((line) => `    ${safeText(line)}`);
    case 'tiles':
      return [
        block.tiles
          .map(({ label, value, note, tone }) => {
            return `${safeText(label)} ${safeText(value)} ${paint(tone, safeText(note))}`;
          })
          .join('   │   '),
      ];
    case 'table':
      return tableLines(block.columns, block.rows, paint);
  }
}

function tableLines(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  paint: PaintTone,
): string[] {
  const texts = rows.map((row) => row.map(cellText));
  const widths = columns.map(({ title }, index) =>
    Math.max(title.length, ...texts.map((row) => widthOf(row[index] ?? ''))),
  );
  const pad = (text: string, index: number): string => {
    const fill = ' '.repeat(Math.max(0, widths[index]! - widthOf(text)));
    return columns[index]!.align === 'right' ? fill + text : text + fill;
  };
  const head = columns.map(({ title }, index) => pad(title, index)).join('  ');
  const lines = texts.map((row, at) =>
    row.map((text, index) => paint(rows[at]![index]!.tone ?? 'plain', pad(text, index))).join('  '),
  );
  const hasTitles = columns.some(({ title }) => title !== '');
  return [...(hasTitles ? [`  ${paint('dim', head)}`] : []), ...lines.map((line) => `  ${line}`)];
}

function cellText({ text, bar }: Cell): string {
  const shown = cutTo(safeText(text), NAME_WIDTH_MAX);
  return bar === undefined ? shown : `${barOf(bar)} ${shown}`;
}

function barOf(share: number): string {
  const eighths = Math.round(share * BAR_CELLS * 8);
  const bar = '█'.repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8];
  return bar.padEnd(BAR_CELLS);
}

export function safeText(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '·');
}

function cutTo(text: string, width: number): string {
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, width - 1).join('')}…`;
}

function widthOf(text: string): number {
  return [...text].length;
}
