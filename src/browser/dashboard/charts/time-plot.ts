/**
 * uPlot with the look of this page: lines over time, marks of deploys, a cursor that keys move. Owns the
 * canvas in `box` until it is destroyed.
 */
import uPlot from 'uplot';
import { formatTick } from '../parts/format-time.js';
import { formatBytes } from '../parts/format-value.js';
import { cssColor, seriesColor } from './palette.js';
import { drawnData, type Line } from './series.js';

export interface Mark {
  readonly timeMs: number;
  readonly label: string;
}

export interface TimePlotOptions {
  readonly box: HTMLElement;
  readonly lines: readonly Line[];
  readonly marks: readonly Mark[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly heightPx: number;
  readonly format: (value: number) => string;
  /** Index of the point that the cursor begins at; none where there is no such point. */
  readonly at: number;
  /** Index of the point under the cursor. */
  readonly onCursor: (index: number | undefined) => void;
}

export interface TimePlot {
  /** Moves the cursor to a point. */
  moveTo(index: number): void;
  resize(): void;
  destroy(): void;
}

const AXIS_FONT = '11px system-ui, sans-serif';
const AXIS_WIDTH_PX = 64;
const AXIS_HEIGHT_PX = 24;
/** Powers of two, so that an axis of bytes has round numbers on it. */
const BYTE_STEPS = Array.from({ length: 50 }, (_, power) => 2 ** power);

export function createTimePlot(options: TimePlotOptions): TimePlot {
  const { box, lines, heightPx } = options;
  const data = drawnData(lines) as uPlot.AlignedData;
  const plot = new uPlot(plotOptions(options), data, box);
  return {
    moveTo: (index) => moveCursor(plot, index),
    resize: () => plot.setSize({ width: box.clientWidth, height: heightPx }),
    destroy: () => plot.destroy(),
  };
}

function moveCursor(plot: uPlot, index: number): void {
  const time = plot.data[0][index];
  if (time !== undefined) plot.setCursor({ left: plot.valToPos(time, 'x'), top: plot.height / 3 });
}

function plotOptions(options: TimePlotOptions): uPlot.Options {
  const { box, lines, fromMs, toMs, heightPx, format, at, onCursor } = options;
  const axis = { stroke: cssColor('--dim'), font: AXIS_FONT, ticks: { show: false } };
  const grid = { stroke: cssColor('--line'), width: 1 };
  return {
    width: box.clientWidth,
    height: heightPx,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
    scales: {
      x: { time: true, range: [fromMs / 1000, toMs / 1000] },
      y: { range: (_plot, _min, max) => [0, max > 0 ? max * 1.1 : 1] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: AXIS_HEIGHT_PX,
        values: (_plot, times) => times.map((time) => formatTick(time * 1000, toMs - fromMs)),
      },
      {
        ...axis,
        grid,
        size: AXIS_WIDTH_PX,
        ...(format === formatBytes ? { incrs: BYTE_STEPS } : {}),
        values: (_plot, values) => values.map((value) => format(value)),
      },
    ],
    series: [
      {},
      ...lines.map((line, index): uPlot.Series => {
        const stroke = line.isBefore ? cssColor('--dim') : seriesColor(index);
        const dash = line.isBefore ? { dash: [4, 4] } : {};
        return {
          label: line.label,
          stroke,
          width: line.isBefore ? 1 : 1.5,
          points: { show: line.points.length < 3, size: 4 },
          spanGaps: false,
          ...dash,
        };
      }),
    ],
    hooks: {
      ready: [(plot) => moveCursor(plot, at)],
      setCursor: [(plot) => onCursor(plot.cursor.idx ?? undefined)],
      draw: [(plot) => drawMarks(plot, options)],
    },
  };
}

/** A line for each deploy, with a triangle on top that is told apart without colour. */
function drawMarks(plot: uPlot, { marks, fromMs, toMs }: TimePlotOptions): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.strokeStyle = cssColor('--accent');
  ctx.fillStyle = cssColor('--accent');
  ctx.setLineDash([2, 3]);
  for (const { timeMs } of marks) {
    if (timeMs < fromMs || timeMs > toMs) continue;
    const x = Math.round(plot.valToPos(timeMs / 1000, 'x', true));
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.beginPath();
    ctx.moveTo(x - 5, bbox.top);
    ctx.lineTo(x + 5, bbox.top);
    ctx.lineTo(x, bbox.top + 8);
    ctx.fill();
  }
  ctx.restore();
}
