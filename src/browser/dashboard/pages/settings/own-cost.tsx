/** What the agent of each process costs, and its ledger: recorded = received + dropped + pending. */
import type { JSX } from 'preact';
import type { Stats } from '../../api/answers.js';
import { useAnswer } from '../../api/api-client.js';
import type { ProcessRow } from '../../api/health-answers.js';
import { useTotals } from '../../api/questions.js';
import { Badge } from '../../parts/badge.js';
import { type Column, DataTable } from '../../parts/data-table.js';
import { EmptyState } from '../../parts/empty-state.js';
import { formatTime } from '../../parts/format-time.js';
import { formatBytes, formatCount, formatPercent } from '../../parts/format-value.js';
import { Answered, Panel } from '../../parts/panel.js';
import { droppedOf } from '../../shell/ledger-sums.js';
import { param } from '../../state/url-state.js';

type Row = ProcessRow & {
  readonly cpu: number | null;
  readonly memory: number | null;
  readonly spool: number | null;
};

const INSTANCE = 'service.instance.id';

export function OwnCost(): JSX.Element {
  const ledger = useAnswer<{ processes: readonly ProcessRow[] }>('/v1/ledger', {
    service: param('service'),
  });
  const cpu = useOwn('tachograph.agent.cpu.utilization');
  const memory = useOwn('tachograph.agent.memory.usage');
  const spool = useOwn('tachograph.agent.spool.usage');
  return (
    <Panel title="Tachograph itself" note="what each agent takes, and where its records went">
      <Answered answer={ledger} what="the ledger">
        {({ processes }) => (
          <DataTable
            name="processes"
            caption="Processes and their ledgers"
            columns={COLUMNS}
            rows={processes.map((process) => ({
              ...process,
              cpu: cpu(process.boot)?.mean ?? null,
              memory: memory(process.boot)?.last ?? null,
              spool: spool(process.boot)?.last ?? null,
            }))}
            sort="-seen"
            keyOf={({ agent, boot }) => `${agent} ${boot}`}
            empty={<EmptyState title="No process has sent anything yet." />}
          />
        )}
      </Answered>
    </Panel>
  );
}

/** By the id of the instance, which is that of its start. */
function useOwn(metric: string): (boot: string) => Stats | undefined {
  const groups = useTotals({ metric, group: INSTANCE, limit: '500' }).data?.groups ?? [];
  return (boot) => groups.find(({ attributes }) => attributes[INSTANCE] === boot)?.total;
}

function count(key: string, title: string, of: (row: Row) => number): Column<Row> {
  return { key, title, value: of, show: (row) => formatCount(of(row)) };
}

const COLUMNS: readonly Column<Row>[] = [
  {
    key: 'process',
    title: 'Process',
    isText: true,
    value: ({ service, agent }) => `${service} ${agent}`,
    show: ({ service, agent }) => (
      <>
        {service} <span class="dim mono">{agent}</span>
      </>
    ),
  },
  {
    key: 'cpu',
    title: 'Agent CPU',
    value: ({ cpu }) => cpu,
    show: ({ cpu }) => formatPercent(cpu),
  },
  {
    key: 'memory',
    title: 'Agent memory',
    value: ({ memory }) => memory,
    show: ({ memory }) => formatBytes(memory),
  },
  {
    key: 'spool',
    title: 'Spool',
    value: ({ spool }) => spool,
    show: ({ spool }) => formatBytes(spool),
  },
  count('recorded', 'Recorded', ({ recorded }) => recorded),
  count('received', 'Received', ({ received }) => received),
  count('dropped', 'Dropped', droppedOf),
  count('pending', 'Pending', ({ pending }) => pending),
  {
    key: 'balanced',
    title: 'Ledger',
    isText: true,
    value: ({ balanced }) => (balanced ? 'balances' : 'does not balance'),
    show: ({ balanced, unaccounted }) =>
      balanced ? (
        <Badge tone="ok">balances</Badge>
      ) : (
        <Badge tone="bad">{formatCount(Math.abs(unaccounted))} unaccounted for</Badge>
      ),
  },
  {
    key: 'seen',
    title: 'Last seen',
    isText: true,
    value: ({ lastSeenMs }) => lastSeenMs,
    show: ({ lastSeenMs }) => formatTime(lastSeenMs),
  },
];
