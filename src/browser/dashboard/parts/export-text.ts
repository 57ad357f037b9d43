/** A table as CSV and as Markdown. Pure; a cell of a spreadsheet is never a formula, one of Markdown never markup. */

export interface Cells {
  readonly titles: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

export function csvText({ titles, rows }: Cells): string {
  const line = (cells: Cells['rows'][number]): string => cells.map(csvCell).join(',');
  return `${[titles, ...rows].map(line).join('\r\n')}\r\n`;
}

export function markdownText({ titles, rows }: Cells): string {
  const line = (cells: Cells['rows'][number]): string =>
    `| ${cells.map(markdownCell).join(' | ')} |`;
  return `${[line(titles), line(titles.map(() => '---')), ...rows.map(line)].join('\n')}\n`;
}

function csvCell(cell: string | number | null): string {
  if (typeof cell === 'number') return String(cell);
  const text = cell ?? '';
  // Spreadsheets run what begins like this.
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function markdownCell(cell: string | number | null): string {
  return String(cell ?? '')
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_[\]<>|#~]/g, (sign) => `\\${sign}`)
    .replace(/^\\-\\-\\-$|^---$/, '---');
}
