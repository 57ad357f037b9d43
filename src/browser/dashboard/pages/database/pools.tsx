/** Pools of connections: how many are used of how many, who waits, and for how long. */
import type { JSX } from 'preact';
import type { QueryAnswer } from '../../api/answers.js';
import { useTotals } from '../../api/questions.js';
import { together } from '../../api/together.js';
import { type Column, DataTable } from '../../parts/data-table.js';
import { EmptyState } from '../../parts/empty-state.js';
import { formatCount, formatPercentile, SAMPLES_MIN } from '../../parts/format-value.js';
import { Answered, Panel } from '../../parts/panel.js';
import { ShareBar } from '../../parts/share-bar.js';

const POOL = 'db.client.connection.pool.name';
const STATE = 'db.client.connection.state';

interface PoolRow {
  readonly name: string;
  readonly used: number;
  readonly idle: number;
  readonly max: number | null;
  readonly waiting: number;
  readonly waits: number;
  readonly waitP95: number | null;
}

export function Pools(): JSX.Element {
  const counts = useTotals({ metric: 'db.client.connection.count', group: `${POOL},${STATE}` });
  const limits = useTotals({ metric: 'db.client.connection.max', group: POOL });
  const waiting = useTotals({ metric: 'db.client.connection.pending_requests', group: POOL });
  const waits = useTotals({ metric: 'db.client.connection.wait_time', group: POOL });
  return (
    <Panel title="Pools" note="the mean of the time shown">
      <Answered answer={together(counts, limits, waiting, waits)} what="the pools">
        {(answers) => (
          <DataTable
            name="pools"
            caption="Pools of connections"
            columns={COLUMNS}
            rows={poolRows(...answers)}
            sort="-used"
            keyOf={({ name }) => name}
            empty={<EmptyState title="No pool was seen in this time." />}
          />
        )}
      </Answered>
    </Panel>
  );
}

const COLUMNS: readonly Column<PoolRow>[] = [
  { key: 'name', title: 'Pool', isText: true, value: ({ name }) => name },
  {
    key: 'used',
    title: 'Used',
    value: ({ used }) => used,
    show: ({ used, max }) => (
      <>
        <ShareBar share={max === null || max === 0 ? 0 : used / max} /> {used.toFixed(1)}
        {max === null ? '' : ` of ${formatCount(max)}`}
      </>
    ),
  },
  { key: 'idle', title: 'Idle', value: ({ idle }) => idle, show: ({ idle }) => idle.toFixed(1) },
  {
    key: 'waiting',
    title: 'Most waiting',
    value: ({ waiting }) => waiting,
    show: ({ waiting }) => formatCount(waiting),
  },
  {
    key: 'wait',
    title: 'Wait, p95',
    value: ({ waitP95, waits }) => (waits < SAMPLES_MIN ? null : waitP95),
    show: ({ waitP95, waits }) => formatPercentile(waitP95, waits),
  },
];

function poolRows(...answers: readonly (QueryAnswer | undefined)[]): PoolRow[] {
  const [counts = [], limits = [], waiting = [], waits = []] = answers.map(
    (answer) => answer?.groups ?? [],
  );
  const names = new Set(
    [...counts, ...limits, ...waits].map(({ attributes }) => attributes[POOL] ?? ''),
  );
  return [...names].map((name) => {
    const ofPool = <Row extends { readonly attributes: Readonly<Record<string, string>> }>(
      groups: readonly Row[],
    ): Row[] => groups.filter(({ attributes }) => attributes[POOL] === name);
    const inState = (state: string): number =>
      ofPool(counts).find(({ attributes }) => attributes[STATE] === state)?.total.mean ?? 0;
    const wait = ofPool(waits)[0]?.total;
    return {
      name,
      used: inState('used'),
      idle: inState('idle'),
      max: ofPool(limits)[0]?.total.last ?? null,
      waiting: ofPool(waiting)[0]?.total.max ?? 0,
      waits: wait?.count ?? 0,
      waitP95: wait?.p95 ?? null,
    };
  });
}
