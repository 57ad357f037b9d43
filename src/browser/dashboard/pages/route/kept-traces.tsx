/** Requests of a route that were kept, each with a small picture of where its time went. */
import type { JSX } from 'preact';
import type { TraceRow } from '../../api/answers.js';
import { type Column, DataTable } from '../../parts/data-table.js';
import { EmptyState } from '../../parts/empty-state.js';
import { formatTime } from '../../parts/format-time.js';
import { formatCount, formatSeconds } from '../../parts/format-value.js';
import { Panel } from '../../parts/panel.js';
import { Reason } from '../../parts/trace-link.js';
import { linkTo } from '../../state/url-state.js';

export function KeptTraces({ traces }: { readonly traces: readonly TraceRow[] }): JSX.Element {
  return (
    <Panel title="Kept requests" note="slow, failed, querying too much, or drawn at random">
      <DataTable
        name="traces"
        caption="Kept requests"
        columns={TRACE_COLUMNS}
        rows={traces}
        sort="-duration"
        keyOf={({ traceId, spanId }) => traceId + spanId}
        empty={
          <EmptyState title="No request of this route was kept in this time.">
            Those that are slow, fail or query too much are, and a few at random.
          </EmptyState>
        }
      />
    </Panel>
  );
}

const TRACE_COLUMNS: readonly Column<TraceRow>[] = [
  {
    key: 'time',
    title: 'Time',
    isText: true,
    value: ({ timeMs }) => timeMs,
    show: ({ timeMs, traceId }) => (
      <a href={linkTo('trace', { id: traceId })}>{formatTime(timeMs)}</a>
    ),
  },
  {
    key: 'reason',
    title: 'Why',
    isText: true,
    value: ({ reason }) => reason,
    show: ({ reason }) => <Reason reason={reason} />,
  },
  { key: 'status', title: 'Status', value: ({ statusCode }) => statusCode },
  {
    key: 'duration',
    title: 'Took',
    value: ({ duration }) => duration,
    show: ({ duration }) => formatSeconds(duration),
  },
  {
    key: 'queries',
    title: 'Queries',
    value: ({ queries }) => queries,
    show: ({ queries }) => formatCount(queries),
  },
  {
    key: 'queryTime',
    title: 'In queries',
    value: ({ queryTime }) => queryTime,
    show: ({ queryTime }) => formatSeconds(queryTime),
  },
  {
    key: 'blocked',
    title: 'Blocked',
    value: ({ stallTime }) => stallTime,
    show: ({ stallTime }) => (stallTime > 0 ? formatSeconds(stallTime) : '—'),
  },
  {
    key: 'split',
    title: 'Queries, blocked, rest',
    isText: true,
    value: () => null,
    show: (row) => <Split row={row} />,
  },
];

function Split({ row }: { readonly row: TraceRow }): JSX.Element {
  const percent = (seconds: number): string =>
    `${row.duration > 0 ? Math.min(100, (seconds / row.duration) * 100) : 0}%`;
  return (
    <span class="split" aria-hidden="true">
      <span class="bar-query" style={{ width: percent(row.queryTime) }} />
      <span class="bar-blocked" style={{ width: percent(row.stallTime) }} />
    </span>
  );
}
