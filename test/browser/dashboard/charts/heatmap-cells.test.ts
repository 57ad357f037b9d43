import { describe, expect, it } from 'vitest';
import {
  cellRange,
  countIn,
  heatmapGrid,
  readSelection,
  selectionOf,
  selectionText,
} from '../../../../src/browser/dashboard/charts/heatmap-cells.js';

const column = (timeMs: number, cells: readonly number[]) => ({
  ...{ timeMs, count: cells.reduce((sum, count) => sum + count, 0) },
  ...{ p50: 0, p95: 0, p99: 0, cells },
});
const ANSWER = {
  ...{
    fromMs: 1000,
    toMs: 1400,
    stepMs: 100,
    recordedFromMs: 1000,
    bounds: [0.1, 0.2, 0.4, 0.8, 1.6],
  },
  columns: [column(1000, [0, 0, 3, 1, 0, 0]), column(1200, [0, 0, 0, 7, 0, 0])],
};

describe('the grid of a heatmap', () => {
  const grid = heatmapGrid(ANSWER)!;

  it('has every step, and the rows that hold anything with one beside each end', () => {
    expect([grid.columns, grid.firstRow, grid.rows, grid.max]).toEqual([4, 1, 4, 7]);
    expect([0, 1, 2].map((at) => grid.count(at, 2))).toEqual([1, 0, 7]);
  });

  it('knows between which durations a row lies', () => {
    expect([grid.lowerOf(1), grid.upperOf(1)]).toEqual([0.2, 0.4]);
    const lowest = heatmapGrid({ ...ANSWER, columns: [column(1000, [1, 0, 0, 0, 0, 2])] })!;
    expect(lowest.lowerOf(0)).toBe(0);
    expect(lowest.upperOf(lowest.rows - 1)).toBe(Number.POSITIVE_INFINITY);
  });

  it('is none where nothing was counted', () => {
    expect(heatmapGrid({ ...ANSWER, columns: [] })).toBeUndefined();
  });

  it('begins with the data of a young service, as curves do', () => {
    const young = heatmapGrid({
      ...{ ...ANSWER, fromMs: 0, toMs: 3000, recordedFromMs: 1040 },
      columns: [column(1000, [0, 0, 3, 1, 0, 0]), column(2900, [0, 0, 0, 7, 0, 0])],
    })!;
    expect([young.fromMs, young.columns]).toEqual([1000, 20]);
    expect([young.count(0, 1), young.count(19, 2)]).toEqual([3, 7]);
    const first = cellRange({ column: 0, row: 0 }, { column: 0, row: 0 });
    expect(selectionOf(young, first)).toMatchObject({ fromMs: 1000, toMs: 1100 });
  });

  it('has a selection that is the same whichever corner it began at', () => {
    const range = cellRange({ column: 2, row: 1 }, { column: 0, row: 2 });
    expect(range).toEqual({ fromColumn: 0, toColumn: 2, fromRow: 1, toRow: 2 });
    expect(countIn(grid, range)).toBe(11);
    expect(selectionOf(grid, range)).toEqual({
      ...{ fromMs: 1000, toMs: 1300, minSeconds: 0.2, maxSeconds: 0.8 },
    });
  });

  it('has a selection that a link names', () => {
    const selection = selectionOf(grid, { fromColumn: 0, toColumn: 2, fromRow: 1, toRow: 2 });
    expect(readSelection(selectionText(selection))).toEqual(selection);
    const slowest = { ...selection, maxSeconds: Number.POSITIVE_INFINITY };
    expect(readSelection(selectionText(slowest))).toEqual(slowest);
    for (const text of ['', '1_2_3', '2_1_3_4', 'a_b_c_d']) {
      expect(readSelection(text)).toBeUndefined();
    }
  });
});
