/** The heatmap of a route: a cell gives example traces, an area is compared with the rest. */
import type { JSX } from 'preact';
import type { HeatmapAnswer, TraceRow } from '../../api/answers.js';
import { useView } from '../../api/questions.js';
import { Heatmap } from '../../charts/heatmap.js';
import { readSelection, type Selection, selectionText } from '../../charts/heatmap-cells.js';
import { formatTime } from '../../parts/format-time.js';
import { formatPercent, formatSeconds, plural } from '../../parts/format-value.js';
import { Answered, Panel } from '../../parts/panel.js';
import { Reason, TraceLink } from '../../parts/trace-link.js';
import { choose, param } from '../../state/url-state.js';
import { compareTraces, type Difference, isIn } from './compare-traces.js';

export interface LatencyPanelProps {
  readonly method: string;
  readonly route: string;
  /** The slowest that were kept. */
  readonly traces: readonly TraceRow[];
}

export function LatencyPanel({ method, route, traces }: LatencyPanelProps): JSX.Element {
  const heatmap = useView<HeatmapAnswer>('/v1/heatmap', { method, route });
  const selection = readSelection(param('cells'));
  return (
    <Panel title="Latency over time" note="each cell: how many requests took so long">
      <Answered answer={heatmap} what="the heatmap">
        {(answer) => (
          <Heatmap
            answer={answer}
            onSelect={(selected) => choose({ cells: selectionText(selected) })}
          />
        )}
      </Answered>
      {selection !== undefined && <Selected selection={selection} traces={traces} />}
    </Panel>
  );
}

const EXAMPLES_MAX = 8;

function Selected(props: {
  readonly selection: Selection;
  readonly traces: readonly TraceRow[];
}): JSX.Element {
  const inside = props.traces.filter((trace) => isIn(props.selection, trace));
  const outside = props.traces.filter((trace) => !isIn(props.selection, trace));
  return (
    <div class="halves" data-test="selection">
      <div>
        <h3>{plural(inside.length, 'kept trace')} in the selection</h3>
        {inside.length === 0 && (
          <p class="dim">
            None of those below: kept are requests that are slow, fail or query too much, and a few
            at random.
          </p>
        )}
        <ul class="plain">
          {inside.slice(0, EXAMPLES_MAX).map((row) => (
            <li key={row.spanId} data-row="" tabIndex={-1}>
              <Reason reason={row.reason} /> <TraceLink row={row} />{' '}
              <span class="dim">
                {formatSeconds(row.duration)} at {formatTime(row.timeMs)}
              </span>
            </li>
          ))}
        </ul>
      </div>
      <Differences rows={compareTraces(inside, outside)} others={outside.length} />
    </div>
  );
}

function Differences(props: {
  readonly rows: readonly Difference[];
  readonly others: number;
}): JSX.Element {
  return (
    <div>
      <h3>Against the other {plural(props.others, 'kept trace')}</h3>
      {props.rows.length === 0 ? (
        <p class="dim">Nothing tells them apart, or there are too few to compare.</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col" class="text">
                What
              </th>
              <th scope="col" class="number">
                Selected
              </th>
              <th scope="col" class="number">
                Others
              </th>
            </tr>
          </thead>
          <tbody>
            {props.rows.map(({ name, inside, outside, isShare }) => (
              <tr key={name}>
                <td class="text">{name}</td>
                <td class="number">{isShare ? formatPercent(inside) : inside.toFixed(1)}</td>
                <td class="number">{isShare ? formatPercent(outside) : outside.toFixed(1)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}
