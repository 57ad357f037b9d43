/** Draws a heatmap on a canvas: colour by the square root of the count, so that the rare shows beside the many. */
import { formatTick } from '../parts/format-time.js';
import { formatSeconds } from '../parts/format-value.js';
import type { CellRange, HeatmapGrid } from './heatmap-cells.js';
import { cssColor, rampColor } from './palette.js';

const LEFT_PX = 64;
const BOTTOM_PX = 24;
const LABELS_PX = 28;

export interface CanvasSize {
  readonly width: number;
  readonly height: number;
}

export interface HeatmapLook extends CanvasSize {
  readonly isDark: boolean;
  readonly cursor: CellRange | undefined;
}

export function drawHeatmap(
  canvas: HTMLCanvasElement,
  grid: HeatmapGrid,
  { width, height, isDark, cursor }: HeatmapLook,
): void {
  const ratio = devicePixelRatio || 1;
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.scale(ratio, ratio);
  const cell = cellSize(grid, { width, height });
  for (let column = 0; column < grid.columns; column++) {
    for (let row = 0; row < grid.rows; row++) {
      const count = grid.count(column, row);
      if (count === 0) continue;
      context.fillStyle = rampColor(Math.sqrt(count / grid.max), isDark);
      const y = height - BOTTOM_PX - (row + 1) * cell.height;
      context.fillRect(LEFT_PX + column * cell.width, y, cell.width - 0.5, cell.height - 0.5);
    }
  }
  drawAxes(context, grid, { width, height });
  if (cursor !== undefined) drawCursor(context, cursor, cell, height);
}

/** The cell at a place of the canvas; the nearest one when it is beside them. */
export function cellAt(
  grid: HeatmapGrid,
  size: CanvasSize,
  x: number,
  y: number,
): { column: number; row: number } {
  const cell = cellSize(grid, size);
  const clamp = (value: number, max: number): number => Math.max(0, Math.min(max, value));
  return {
    column: clamp(Math.floor((x - LEFT_PX) / cell.width), grid.columns - 1),
    row: clamp(Math.floor((size.height - BOTTOM_PX - y) / cell.height), grid.rows - 1),
  };
}

function cellSize(grid: HeatmapGrid, { width, height }: CanvasSize): CanvasSize {
  return {
    width: Math.max(1, width - LEFT_PX) / grid.columns,
    height: (height - BOTTOM_PX) / grid.rows,
  };
}

function drawAxes(
  context: CanvasRenderingContext2D,
  grid: HeatmapGrid,
  { width, height }: CanvasSize,
): void {
  const cell = cellSize(grid, { width, height });
  context.fillStyle = cssColor('--dim');
  context.font = '11px system-ui, sans-serif';
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  const each = Math.max(1, Math.ceil(LABELS_PX / cell.height));
  for (let row = 0; row < grid.rows - 1; row += each) {
    const y = height - BOTTOM_PX - (row + 1) * cell.height;
    context.fillText(formatSeconds(grid.upperOf(row)), LEFT_PX - 8, Math.max(8, y));
  }
  context.textAlign = 'center';
  context.textBaseline = 'bottom';
  const rangeMs = grid.columns * grid.stepMs;
  const labels = Math.max(1, Math.floor((width - LEFT_PX) / 90));
  for (let label = 0; label < labels; label++) {
    const column = Math.round(((label + 0.5) / labels) * grid.columns);
    const text = formatTick(grid.fromMs + column * grid.stepMs, rangeMs);
    context.fillText(text, LEFT_PX + column * cell.width, height - 4);
  }
}

function drawCursor(
  context: CanvasRenderingContext2D,
  { fromColumn, toColumn, fromRow, toRow }: CellRange,
  cell: CanvasSize,
  height: number,
): void {
  context.strokeStyle = cssColor('--text');
  context.lineWidth = 2;
  context.strokeRect(
    LEFT_PX + fromColumn * cell.width,
    height - BOTTOM_PX - (toRow + 1) * cell.height,
    (toColumn - fromColumn + 1) * cell.width,
    (toRow - fromRow + 1) * cell.height,
  );
}
