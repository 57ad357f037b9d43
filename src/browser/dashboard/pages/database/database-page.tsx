/** Queries, what is wrong with them, what the database's own catalogue says, and the pools. */
import type { JSX } from 'preact';
import type { QueryRow } from '../../api/answers.js';
import { useView } from '../../api/questions.js';
import { type Column, DataTable } from '../../parts/data-table.js';
import { EmptyState } from '../../parts/empty-state.js';
import {
  formatCount,
  formatPercentile,
  formatRate,
  formatSeconds,
  SAMPLES_MIN,
} from '../../parts/format-value.js';
import { Answered, Panel } from '../../parts/panel.js';
import { ShareBar } from '../../parts/share-bar.js';
import { rangeText } from '../../state/range.js';
import { Advice } from './advice.js';
import { Findings } from './findings.js';
import { Pools } from './pools.js';

export function DatabasePage(): JSX.Element {
  const queries = useView<{ queries: readonly QueryRow[] }>('/v1/queries', { limit: '500' });
  return (
    <>
      <Findings />
      <Panel title="Queries" note={`by the time that they take in all, ${rangeText()}`}>
        <Answered answer={queries} what="the queries">
          {({ queries: rows }) => (
            <DataTable
              name="queries"
              caption="Queries"
              columns={columnsOf(rows)}
              rows={rows}
              sort="-total"
              keyOf={({ system, text, operation, collection }) =>
                [system, text, operation, collection].join('\n')
              }
              empty={<NoDriver />}
              hasFilter
            />
          )}
        </Answered>
      </Panel>
      <Pools />
      <Advice />
    </>
  );
}

function NoDriver(): JSX.Element {
  return (
    <EmptyState title="No query in this time.">
      Queries of pg, postgres.js, mysql2, mariadb, tedious, SQLite, MongoDB, Redis, memcached and
      others are recorded once the service loads their driver under the agent. Settings lists which
      drivers were seen.
    </EmptyState>
  );
}

function columnsOf(rows: readonly QueryRow[]): readonly Column<QueryRow>[] {
  const total = rows.reduce((sum, row) => sum + row.total, 0);
  return [
    {
      key: 'text',
      title: 'Query',
      isText: true,
      value: nameOf,
      show: (row) => (
        <>
          <span class="tag">{row.system}</span> <span class="mono wrap">{nameOf(row)}</span>
        </>
      ),
    },
    {
      key: 'total',
      title: 'Total time',
      value: (row) => row.total,
      show: (row) => (
        <>
          <ShareBar share={total > 0 ? row.total / total : 0} tone="query" />{' '}
          {formatSeconds(row.total)}
        </>
      ),
    },
    { key: 'rate', title: 'Rate', value: (row) => row.rate, show: (row) => formatRate(row.rate) },
    {
      key: 'calls',
      title: 'Calls',
      value: (row) => row.calls,
      show: (row) => formatCount(row.calls),
    },
    percentile('p50'),
    percentile('p95'),
    { key: 'max', title: 'Max', value: (row) => row.max, show: (row) => formatSeconds(row.max) },
  ];
}

function percentile(key: 'p50' | 'p95'): Column<QueryRow> {
  return {
    key,
    title: key,
    value: (row) => (row.calls < SAMPLES_MIN ? null : row[key]),
    show: (row) => formatPercentile(row[key], row.calls),
  };
}

function nameOf({ text, operation, collection, class: queryClass }: QueryRow): string {
  return text || [operation, collection].filter(Boolean).join(' ') || queryClass;
}
