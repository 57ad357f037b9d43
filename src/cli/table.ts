/** A table of `tachograph top`: a name that takes what room is left, and columns of fixed width. Pure. */
import { cut, padCell } from './format-value.js';

/** Marks text; the plain one returns it as it is. */
export type Paint = (style: 'bold' | 'dim' | 'red' | 'yellow' | 'green', text: string) => string;

export interface Column<Row> {
  readonly title: string;
  readonly width: number;
  readonly text: (row: Row) => string;
}

/** A name is not squeezed under this; narrower screens cut the line at its end. */
const NAME_WIDTH_MIN = 16;

/** The head and a line a row; rows that are alarming are red. */
export function table<Row>(
  title: string,
  rows: readonly Row[],
  nameOf: (row: Row) => string,
  columns: readonly Column<Row>[],
  width: number,
  paint: Paint,
  isAlarming: (row: Row) => boolean,
): string[] {
  const fixed = columns.reduce((sum, column) => sum + column.width, 0);
  const nameWidth = Math.max(NAME_WIDTH_MIN, width - fixed);
  const heads = columns.map((column) => padCell(column.title, column.width, 'right'));
  const head = cut(padCell(title, nameWidth) + heads.join(''), width);
  return [
    paint('dim', head),
    ...rows.map((row) => {
      const cells = columns.map((column) => padCell(column.text(row), column.width, 'right'));
      const line = cut(padCell(nameOf(row), nameWidth) + cells.join(''), width);
      return isAlarming(row) ? paint('red', line) : line;
    }),
  ];
}
