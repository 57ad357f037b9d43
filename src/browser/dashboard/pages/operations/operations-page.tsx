/** Business operations by module, and jobs. */
import type { JSX } from 'preact';
import type { JobRow, OperationRow, OperationsAnswer, Timed } from '../../api/answers.js';
import { useView } from '../../api/questions.js';
import { type Column, DataTable } from '../../parts/data-table.js';
import { EmptyState } from '../../parts/empty-state.js';
import {
  formatCount,
  formatPercent,
  formatPercentile,
  formatSeconds,
  plural,
  SAMPLES_MIN,
} from '../../parts/format-value.js';
import { Answered, Panel } from '../../parts/panel.js';
import { ShareBar } from '../../parts/share-bar.js';
import { spreadColumns } from '../../parts/timed-columns.js';
import { rangeText } from '../../state/range.js';

type Operation = OperationRow & { readonly module: string };

export function OperationsPage(): JSX.Element {
  const operations = useView<OperationsAnswer>('/v1/operations', { limit: '500' });
  const jobs = useView<{ jobs: readonly JobRow[] }>('/v1/jobs', { limit: '500' });
  return (
    <>
      <Panel title="Modules" note={rangeText()}>
        <Answered answer={operations} what="the operations">
          {({ modules }) => <Modules modules={modules} />}
        </Answered>
      </Panel>
      <Panel title="Operations">
        <Answered answer={operations} what="the operations">
          {({ modules }) => (
            <DataTable
              name="operations"
              caption="Operations"
              columns={OPERATION_COLUMNS}
              rows={modules.flatMap(({ module, operations: rows }) =>
                rows.map((row) => ({ ...row, module })),
              )}
              sort="-total"
              keyOf={({ module, operation }) => `${module}\n${operation}`}
              empty={<NoOperations />}
              hasFilter
            />
          )}
        </Answered>
      </Panel>
      <Panel title="Jobs and messages">
        <Answered answer={jobs} what="the jobs">
          {({ jobs: rows }) => (
            <DataTable
              name="jobs"
              caption="Jobs and messages"
              columns={JOB_COLUMNS}
              rows={rows}
              sort="-total"
              keyOf={({ system, queue, job }) => [system, queue, job].join('\n')}
              empty={
                <EmptyState title="No job ran in this time.">
                  Jobs of BullMQ, messages of amqplib, NATS and kafkajs, and runs of croner and
                  node-cron are recorded by themselves.
                </EmptyState>
              }
            />
          )}
        </Answered>
      </Panel>
    </>
  );
}

function Modules({ modules }: OperationsAnswer): JSX.Element {
  if (modules.length === 0) return <NoOperations />;
  const most = Math.max(...modules.map(({ total }) => total));
  return (
    <ul class="layers">
      {modules.map(({ module, calls, total, operations }) => (
        <li key={module}>
          <b>{module || '(no module)'}</b>
          <ShareBar share={most > 0 ? total / most : 0} />
          <b>{formatSeconds(total)}</b>
          <span class="dim">
            {plural(calls, 'call')} of {plural(operations.length, 'operation')}
          </span>
        </li>
      ))}
    </ul>
  );
}

function NoOperations(): JSX.Element {
  return (
    <EmptyState
      title="No operation was recorded in this time."
      code={
        '{ "operations": [{ "name": "checkout", "module": "sales", "route": "POST /orders" }] }'
      }
    >
      Name what your business does in tachograph.json, or measure a function with measure('name',
      fn).
    </EmptyState>
  );
}

function timedColumns<Row extends Timed>(): readonly Column<Row>[] {
  return [
    {
      key: 'total',
      title: 'Total time',
      value: (row) => row.total,
      show: (row) => formatSeconds(row.total),
    },
    ...spreadColumns<Row>({ title: 'Calls' }),
    {
      key: 'errors',
      title: 'Failing',
      value: (row) => row.errorRatio,
      show: (row) => formatPercent(row.errorRatio),
    },
  ];
}

const OPERATION_COLUMNS: readonly Column<Operation>[] = [
  { key: 'operation', title: 'Operation', isText: true, value: ({ operation }) => operation },
  {
    key: 'module',
    title: 'Module',
    isText: true,
    value: ({ module }) => module,
    show: ({ module }) => (module === '' ? '' : <span class="tag">{module}</span>),
  },
  ...timedColumns<Operation>(),
  {
    key: 'queries',
    title: 'Queries a call',
    value: ({ queriesPerCall }) => queriesPerCall,
    show: ({ queriesPerCall }) => formatCount(queriesPerCall),
    hint: 'Of operations that are no requests',
  },
];

const JOB_COLUMNS: readonly Column<JobRow>[] = [
  {
    key: 'job',
    title: 'Job',
    isText: true,
    value: ({ queue, job }) => [queue, job].filter(Boolean).join(' '),
  },
  { key: 'system', title: 'System', isText: true, value: ({ system }) => system || 'schedule' },
  ...timedColumns<JobRow>(),
  {
    key: 'wait',
    title: 'Wait, p95',
    value: ({ wait, calls }) => (calls < SAMPLES_MIN ? null : (wait?.p95 ?? null)),
    show: ({ wait, calls }) => formatPercentile(wait?.p95, calls),
  },
  {
    key: 'retries',
    title: 'Retries',
    value: ({ retries }) => retries,
    show: ({ retries }) => formatCount(retries),
  },
];
