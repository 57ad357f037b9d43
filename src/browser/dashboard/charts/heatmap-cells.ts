/** Cells of a heatmap: which rows are worth showing, what a place on the canvas is, what a selection holds. Pure. */
import type { HeatmapAnswer } from '../api/answers.js';
import { curveFromMs } from './series.js';

/** Of rows and columns, both ends in it. */
export interface CellRange {
  readonly fromColumn: number;
  readonly toColumn: number;
  readonly fromRow: number;
  readonly toRow: number;
}

export interface HeatmapGrid {
  /** Where curves begin, too. */
  readonly fromMs: number;
  readonly stepMs: number;
  readonly columns: number;
  /** Rows shown: those from the first to the last that hold anything, and one beside each. */
  readonly firstRow: number;
  readonly rows: number;
  readonly max: number;
  /** Of a column and a row as shown, from the bottom. */
  count(column: number, row: number): number;
  /** Seconds at the lower end of a row, the upper of the one below it. */
  lowerOf(row: number): number;
  upperOf(row: number): number;
}

export function heatmapGrid(answer: HeatmapAnswer): HeatmapGrid | undefined {
  const { toMs, stepMs, bounds } = answer;
  const fromMs = curveFromMs(answer);
  const columns = Math.max(1, Math.round((toMs - fromMs) / stepMs));
  const byColumn = new Map(
    answer.columns.map(({ timeMs, cells }) => [Math.round((timeMs - fromMs) / stepMs), cells]),
  );
  const used = [...byColumn.values()].flatMap((cells) =>
    cells.flatMap((count, row) => (count > 0 ? [row] : [])),
  );
  if (used.length === 0) return undefined;
  const firstRow = Math.max(0, used.reduce((a, b) => Math.min(a, b)) - 1);
  const lastRow = Math.min(bounds.length, used.reduce((a, b) => Math.max(a, b)) + 1);
  const all = [...byColumn.values()].flat();
  return {
    fromMs,
    stepMs,
    columns,
    firstRow,
    rows: lastRow - firstRow + 1,
    max: all.reduce((a, b) => Math.max(a, b), 1),
    count: (column, row) => byColumn.get(column)?.[firstRow + row] ?? 0,
    lowerOf: (row) => (firstRow + row === 0 ? 0 : bounds[firstRow + row - 1]!),
    upperOf: (row) => bounds[firstRow + row] ?? Number.POSITIVE_INFINITY,
  };
}

/** The other way round as well: a selection has no direction. */
export function cellRange(
  a: { readonly column: number; readonly row: number },
  b: { readonly column: number; readonly row: number },
): CellRange {
  return {
    fromColumn: Math.min(a.column, b.column),
    toColumn: Math.max(a.column, b.column),
    fromRow: Math.min(a.row, b.row),
    toRow: Math.max(a.row, b.row),
  };
}

/** Time and duration that a selection stands for: from, and up to but not at. */
export interface Selection {
  readonly fromMs: number;
  readonly toMs: number;
  readonly minSeconds: number;
  readonly maxSeconds: number;
}

export function selectionOf(grid: HeatmapGrid, range: CellRange): Selection {
  return {
    fromMs: grid.fromMs + range.fromColumn * grid.stepMs,
    toMs: grid.fromMs + (range.toColumn + 1) * grid.stepMs,
    minSeconds: grid.lowerOf(range.fromRow),
    maxSeconds: grid.upperOf(range.toRow),
  };
}

/** As it stands in a URL. */
export function selectionText({ fromMs, toMs, minSeconds, maxSeconds }: Selection): string {
  return [fromMs, toMs, minSeconds, maxSeconds].join('_');
}

/** Undefined where the text is none. */
export function readSelection(text: string): Selection | undefined {
  // What is missing is not a number, either, and less than none.
  const numbers = text.split('_').map(Number) as [number, number, number, number];
  const [fromMs, toMs, minSeconds, maxSeconds] = numbers;
  const isOne = fromMs < toMs && minSeconds < maxSeconds;
  return isOne ? { fromMs, toMs, minSeconds, maxSeconds } : undefined;
}

export function countIn(grid: HeatmapGrid, range: CellRange): number {
  let count = 0;
  for (let column = range.fromColumn; column <= range.toColumn; column++) {
    for (let row = range.fromRow; row <= range.toRow; row++) count += grid.count(column, row);
  }
  return count;
}
