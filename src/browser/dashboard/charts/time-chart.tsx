/**
 * Lines over time with what a screen reader and a keyboard need beside the canvas: a table behind it, a
 * cursor that arrow keys move, and a region that says where it is.
 */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { formatTime } from '../parts/format-time.js';
import { ScrollBox } from '../parts/scroll-box.js';
import { theme } from '../state/theme.js';
import { alignedData, type Line } from './series.js';
import { createTimePlot, type Mark, type TimePlot } from './time-plot.js';

export interface TimeChartProps {
  readonly title: string;
  readonly lines: readonly Line[];
  readonly marks?: readonly Mark[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly format: (value: number) => string;
  readonly heightPx?: number;
}

const HEIGHT_PX = 180;

export function TimeChart(props: TimeChartProps): JSX.Element {
  const { title, lines, marks = [], fromMs, toMs, format, heightPx = HEIGHT_PX } = props;
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<TimePlot>(undefined);
  const cursor = useSignal<number | undefined>(undefined);
  /** The time that keys moved to: a chart that is drawn anew, as with each answer, goes on from there. */
  const chosen = useRef<number>(undefined);
  const said = useSignal('');
  const [times, ...values] = alignedData(lines);
  const textAt = (index: number | undefined): string =>
    index === undefined || times[index] === undefined
      ? ''
      : `${formatTime(times[index] * 1000)}: ${lines
          .map(({ label }, i) => `${label} ${valueText(values[i]?.[index], format)}`)
          .join(', ')}`;

  // biome-ignore lint/correctness/useExhaustiveDependencies: lines and marks are new at each render
  useEffect(() => {
    if (box.current === null) return undefined;
    const made = createTimePlot({
      box: box.current,
      lines,
      marks,
      fromMs,
      toMs,
      heightPx,
      format,
      at: times.indexOf(chosen.current ?? Number.NaN),
      onCursor: (index) => {
        cursor.value = index;
      },
    });
    plot.current = made;
    const observer = new ResizeObserver(() => made.resize());
    observer.observe(box.current);
    return () => {
      observer.disconnect();
      made.destroy();
    };
  }, [JSON.stringify(lines), JSON.stringify(marks), fromMs, toMs, theme.value, heightPx]);

  const move = (event: KeyboardEvent): void => {
    const next = nextIndex(event.key, cursor.value, times.length);
    if (next === undefined) return;
    event.preventDefault();
    chosen.current = times[next];
    plot.current?.moveTo(next);
    said.value = textAt(next);
  };

  return (
    <figure class="chart">
      <Legend lines={lines} values={values} at={cursor.value} format={format} />
      <div
        ref={box}
        class="plot"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move its cursor
        tabIndex={0}
        role="img"
        aria-label={`${title}. Arrow keys move through its values; the table below has them all.`}
        onKeyDown={move}
        onBlur={() => {
          chosen.current = undefined;
        }}
      />
      <p class="small dim cursor-text" aria-hidden="true">
        {textAt(cursor.value)}
      </p>
      <p class="hidden" aria-live="polite">
        {said}
      </p>
      {marks.length > 0 && <Marks marks={marks} />}
      <details class="behind">
        <summary>Table of “{title}”</summary>
        <ValuesTable title={title} times={times} lines={lines} values={values} format={format} />
      </details>
    </figure>
  );
}

/** By an arrow, Home or End; undefined for every other key. */
export function nextIndex(key: string, at: number | undefined, length: number): number | undefined {
  const last = length - 1;
  if (last < 0) return undefined;
  switch (key) {
    case 'ArrowRight':
      return Math.min(last, (at ?? -1) + 1);
    case 'ArrowLeft':
      return Math.max(0, (at ?? length) - 1);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return undefined;
  }
}

function valueText(value: number | null | undefined, format: (value: number) => string): string {
  return value === null || value === undefined ? '—' : format(value);
}

interface ValuesProps {
  readonly lines: readonly Line[];
  readonly values: readonly (readonly (number | null)[])[];
  readonly format: (value: number) => string;
}

function Legend({
  lines,
  values,
  at,
  format,
}: ValuesProps & { readonly at: number | undefined }): JSX.Element {
  return (
    <ul class="legend">
      {lines.map(({ label, isBefore }, i) => (
        <li key={label} class={isBefore ? 'before' : ''}>
          <span
            class={`swatch ${isBefore ? 'swatch-before' : `swatch-${(i % 6) + 1}`}`}
            aria-hidden="true"
          />
          {label}{' '}
          <span class="value">
            {valueText(at === undefined ? lastOf(values[i] ?? []) : values[i]?.[at], format)}
          </span>
        </li>
      ))}
    </ul>
  );
}

function lastOf(values: readonly (number | null)[]): number | null {
  return values.findLast((value) => value !== null) ?? null;
}

function Marks({ marks }: { readonly marks: readonly Mark[] }): JSX.Element {
  return (
    <p class="small dim">
      <span class="text-accent" aria-hidden="true">
        ▼
      </span>{' '}
      Deploys: {marks.map(({ timeMs, label }) => `${label} at ${formatTime(timeMs)}`).join(', ')}
    </p>
  );
}

function ValuesTable({
  title,
  times,
  lines,
  values,
  format,
}: ValuesProps & { readonly title: string; readonly times: readonly number[] }): JSX.Element {
  return (
    <ScrollBox label={`Values of ${title}`} isShort>
      <table>
        <thead>
          <tr>
            <th scope="col" class="text">
              Time
            </th>
            {lines.map(({ label }) => (
              <th key={label} scope="col" class="number">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {times.map((time, at) => (
            <tr key={time}>
              <td class="text">{formatTime(time * 1000)}</td>
              {lines.map(({ label }, i) => (
                <td key={label} class="number">
                  {valueText(values[i]?.[at], format)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}
