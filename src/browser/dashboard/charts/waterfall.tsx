/** A trace as a table whose last column draws when each call was. It is its own table for a screen reader. */
import type { JSX } from 'preact';
import type { TracePart } from '../api/answers.js';
import { formatSeconds } from '../parts/format-value.js';
import { ScrollBox } from '../parts/scroll-box.js';
import { type WaterfallRow, waterfallRows } from './waterfall-rows.js';

/** Deeper ones are not moved further in. */
const DEPTH_MAX = 8;
const INDENT_PX = 12;

export function Waterfall({ part }: { readonly part: TracePart }): JSX.Element {
  const rows = waterfallRows(part);
  if (rows.length === 0) return <p class="dim pad">It called nothing that is recorded.</p>;
  return (
    <ScrollBox label="Waterfall">
      <table class="waterfall">
        <caption class="hidden">Calls of the trace in the order of their start</caption>
        <thead>
          <tr>
            <th scope="col" class="text">
              What
            </th>
            <th scope="col" class="number">
              Starts at
            </th>
            <th scope="col" class="number">
              Takes
            </th>
            <th scope="col" class="text bars">
              0 – {formatSeconds(part.duration)}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the rows of a trace never change
            <Row key={at} row={row} total={part.duration} />
          ))}
        </tbody>
      </table>
      {part.spansOmitted > 0 && (
        <p class="dim pad">… and {part.spansOmitted} more that were not kept, the shortest</p>
      )}
    </ScrollBox>
  );
}

function Row({ row, total }: { readonly row: WaterfallRow; readonly total: number }): JSX.Element {
  const { kind, label, offset, duration, depth, note } = row;
  const percent = (seconds: number): number =>
    total > 0 ? Math.max(0, Math.min(100, (seconds / total) * 100)) : 0;
  const left = percent(offset);
  return (
    <tr data-row="" tabIndex={-1}>
      <td class="text" style={{ paddingLeft: `${8 + Math.min(depth, DEPTH_MAX) * INDENT_PX}px` }}>
        <span class={`kind kind-${kind}`}>{kind}</span> <span class="mono">{label}</span>
        {note !== '' && <span class="dim"> {note}</span>}
      </td>
      <td class="number">{formatSeconds(offset)}</td>
      <td class="number">{formatSeconds(duration)}</td>
      <td class="bars" aria-hidden="true">
        <span
          class={`bar bar-${kind}`}
          style={{
            left: `${left}%`,
            width: `${Math.max(0.4, Math.min(100 - left, percent(duration)))}%`,
          }}
        />
      </td>
    </tr>
  );
}
