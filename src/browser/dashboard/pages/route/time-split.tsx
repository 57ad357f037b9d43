/** Where the time of a route goes: by layer over all its requests, and by call in those that were kept. */
import type { JSX } from 'preact';
import type { RouteRow, TracePart, TraceRow } from '../../api/answers.js';
import { FlameGraph } from '../../charts/flame-graph.js';
import { flameTree } from '../../charts/flame-tree.js';
import { EmptyState } from '../../parts/empty-state.js';
import {
  formatCount,
  formatPercent,
  formatPercentile,
  formatSeconds,
  NONE,
  plural,
} from '../../parts/format-value.js';
import { Panel } from '../../parts/panel.js';
import { ScrollBox } from '../../parts/scroll-box.js';
import { ShareBar } from '../../parts/share-bar.js';
import { queriesIn } from './queries-in.js';
import { useTraceParts } from './use-trace-parts.js';

export interface TimeSplitProps {
  readonly row: RouteRow | undefined;
  /** The slowest first. */
  readonly traces: readonly TraceRow[];
}

function blockedShare(traces: readonly TraceRow[]): number {
  const sum = (of: (trace: TraceRow) => number): number =>
    traces.reduce((total, trace) => total + of(trace), 0);
  const all = sum(({ duration }) => duration);
  return all > 0 ? sum(({ stallTime }) => stallTime) / all : 0;
}

export function TimeSplit({ row, traces }: TimeSplitProps): JSX.Element {
  const parts = useTraceParts(traces);
  const blocked = blockedShare(traces);
  return (
    <>
      <Panel title="Where the time goes" note="layers contain one another: shares need not add up">
        {row === undefined || row.layers.length === 0 ? (
          <EmptyState title="No layer was recorded of this route.">
            Queries, middleware, templates, validation and others show here once the route uses
            them.
          </EmptyState>
        ) : (
          <ul class="layers">
            {row.layers.map(({ layer, share, total, p95, requests }) => (
              <li key={layer}>
                <span class={`kind kind-${layer}`}>{layer}</span>
                <ShareBar share={share} tone={layer} />
                <b>{formatPercent(share)}</b>
                <span class="dim">
                  {formatSeconds(total)} in {plural(requests, 'request')}, p95{' '}
                  {formatPercentile(p95, requests)}
                </span>
              </li>
            ))}
            {blocked > 0 && (
              <li>
                <span class="kind kind-blocked">loop blocked</span>
                <ShareBar share={blocked} tone="bad" />
                <b>{formatPercent(blocked)}</b>
                <span class="dim">of the time of the kept requests, by whichever request</span>
              </li>
            )}
          </ul>
        )}
      </Panel>
      {parts.length > 0 && (
        <Panel
          title="Calls of the slowest kept requests"
          note={`${plural(parts.length, 'request')}, their calls added up`}
        >
          <FlameGraph root={flameTree(`${row?.method ?? ''} ${row?.route ?? ''}`, parts)} />
          <Queries parts={parts} />
        </Panel>
      )}
    </>
  );
}

function Queries({ parts }: { readonly parts: readonly TracePart[] }): JSX.Element {
  const queries = queriesIn(parts);
  return (
    <>
      <ScrollBox label="Queries of the slowest kept requests">
        <table>
          <caption class="hidden">Queries of the slowest kept requests</caption>
          <thead>
            <tr>
              <th scope="col" class="text">
                Query
              </th>
              <th scope="col" class="text">
                Line
              </th>
              <th scope="col" class="number">
                Calls a request
              </th>
              <th scope="col" class="number">
                Time
              </th>
              <th scope="col" class="number">
                Rows
              </th>
            </tr>
          </thead>
          <tbody>
            {queries.map(({ label, calls, total, rows, place }) => (
              <tr key={label}>
                <td class="text mono">{label}</td>
                <td class="text mono">{place ?? NONE}</td>
                <td class="number">{formatCount(calls / parts.length)}</td>
                <td class="number">{formatSeconds(total)}</td>
                <td class="number">{formatCount(rows)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
      {queries.length === 0 && <p class="dim pad">They made no query.</p>}
    </>
  );
}
