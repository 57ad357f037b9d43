/**
 * How many requests took how long, over time. A click or a drag selects; so do the arrow keys, with Shift
 * for more than one cell, and Enter. The table behind it has each column's percentiles.
 */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { HeatmapAnswer } from '../api/answers.js';
import { formatTime } from '../parts/format-time.js';
import { formatCount, formatPercentile, formatSeconds } from '../parts/format-value.js';
import { ScrollBox } from '../parts/scroll-box.js';
import { theme } from '../state/theme.js';
import { cellAt, drawHeatmap } from './heatmap-canvas.js';
import {
  type CellRange,
  cellRange,
  countIn,
  type HeatmapGrid,
  heatmapGrid,
  type Selection,
  selectionOf,
} from './heatmap-cells.js';
import { rampColor } from './palette.js';

export interface HeatmapProps {
  readonly answer: HeatmapAnswer;
  readonly onSelect: (selection: Selection) => void;
}

interface Cell {
  readonly column: number;
  readonly row: number;
}

const HEIGHT_PX = 260;

export function Heatmap({ answer, onSelect }: HeatmapProps): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const anchor = useSignal<Cell | undefined>(undefined);
  const cursor = useSignal<Cell | undefined>(undefined);
  const isDragging = useRef(false);
  const grid = heatmapGrid(answer);
  const chosen =
    anchor.value === undefined || cursor.value === undefined
      ? undefined
      : cellRange(anchor.value, cursor.value);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the grid is that of the answer
  useEffect(() => {
    const element = canvas.current;
    if (element === null || grid === undefined) return undefined;
    const draw = (): void =>
      drawHeatmap(element, grid, {
        width: element.clientWidth,
        height: HEIGHT_PX,
        isDark: theme.peek() === 'dark',
        cursor: chosen,
      });
    draw();
    const observer = new ResizeObserver(draw);
    observer.observe(element);
    return () => observer.disconnect();
  }, [answer, theme.value, chosen && JSON.stringify(chosen)]);

  if (grid === undefined) return <p class="dim pad">No request in this time.</p>;
  const select = (): void => {
    if (chosen !== undefined) onSelect(selectionOf(grid, chosen));
  };
  const at = (event: PointerEvent): Cell => {
    const element = event.currentTarget as HTMLCanvasElement;
    const size = { width: element.clientWidth, height: HEIGHT_PX };
    return cellAt(grid, size, event.offsetX, event.offsetY);
  };
  return (
    <figure class="chart">
      <canvas
        ref={canvas}
        class="heatmap"
        tabIndex={0}
        role="img"
        aria-label="Latency heatmap: time from left to right, duration upwards. Arrow keys move, Shift extends, Enter shows the requests of the cells; the table below has the percentiles."
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          isDragging.current = true;
          anchor.value = at(event);
          cursor.value = anchor.value;
        }}
        onPointerMove={(event) => {
          if (isDragging.current) cursor.value = at(event);
        }}
        onPointerUp={() => {
          isDragging.current = false;
          select();
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') {
            event.preventDefault();
            select();
            return;
          }
          const moved = movedCell(event.key, cursor.value, grid);
          if (moved === undefined) return;
          event.preventDefault();
          cursor.value = moved;
          if (!event.shiftKey) anchor.value = moved;
        }}
      />
      <Ramp max={grid.max} />
      <p class="small dim" aria-live="polite">
        {chosen === undefined ? HINT : rangeText(grid, chosen)}
      </p>
      <details class="behind">
        <summary>Table of the heatmap</summary>
        <ColumnsTable answer={answer} />
      </details>
    </figure>
  );
}

/** What the colours stand for. */
function Ramp({ max }: { readonly max: number }): JSX.Element {
  const isDark = theme.value === 'dark';
  return (
    <p class="small dim ramp" aria-hidden="true">
      1
      {[0.1, 0.3, 0.5, 0.7, 0.9].map((share) => (
        <i key={share} style={{ background: rampColor(share, isDark) }} />
      ))}
      {formatCount(max)} in a cell
    </p>
  );
}

const HINT = 'Click a cell for example traces; drag over an area to compare it with the rest.';

function movedCell(key: string, from: Cell | undefined, grid: HeatmapGrid): Cell | undefined {
  const { column, row } = from ?? { column: grid.columns, row: 0 };
  const step = STEPS[key];
  if (step === undefined) return undefined;
  const clamp = (value: number, max: number): number => Math.max(0, Math.min(max, value));
  return {
    column: clamp(column + step[0], grid.columns - 1),
    row: clamp(row + step[1], grid.rows - 1),
  };
}

const STEPS: Readonly<Record<string, readonly [column: number, row: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

function rangeText(grid: HeatmapGrid, range: CellRange): string {
  const { fromMs, toMs, minSeconds, maxSeconds } = selectionOf(grid, range);
  const upTo = Number.isFinite(maxSeconds) ? `to ${formatSeconds(maxSeconds)}` : 'and more';
  const count = countIn(grid, range);
  return (
    `${formatTime(fromMs)} to ${formatTime(toMs)}, ${formatSeconds(minSeconds)} ${upTo}: ` +
    `${formatCount(count)} ${count === 1 ? 'request' : 'requests'}`
  );
}

function ColumnsTable({ answer }: { readonly answer: HeatmapAnswer }): JSX.Element {
  return (
    <ScrollBox label="Values of the heatmap" isShort>
      <table>
        <thead>
          <tr>
            <th scope="col" class="text">
              Time
            </th>
            {['Requests', 'p50', 'p95', 'p99'].map((title) => (
              <th key={title} scope="col" class="number">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {answer.columns.map(({ timeMs, count, p50, p95, p99 }) => (
            <tr key={timeMs}>
              <td class="text">{formatTime(timeMs)}</td>
              <td class="number">{formatCount(count)}</td>
              {[p50, p95, p99].map((value, i) => (
                // The three are told apart by their order alone.
                // biome-ignore lint/suspicious/noArrayIndexKey: they never change places
                <td key={i} class="number">
                  {formatPercentile(value, count)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}
