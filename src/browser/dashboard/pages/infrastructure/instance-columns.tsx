/** The columns of the table of instances. */
import type { JSX } from 'preact';
import { Badge } from '../../parts/badge.js';
import type { Column } from '../../parts/data-table.js';
import { formatBytes, formatPercent, formatSeconds, NONE } from '../../parts/format-value.js';
import { ShareBar } from '../../parts/share-bar.js';
import { linkHere } from '../../state/url-state.js';
import type { InstanceFacts } from './use-instance-rows.js';

type Key =
  | 'cpu'
  | 'loopUtilization'
  | 'gc'
  | 'containerCpu'
  | 'containerMemory'
  | 'hostCpu'
  | 'hostMemory';

/** Above these shares something soon gives. */
const ATTENTION_MIN = 0.7;
const BAD_MIN = 0.9;

function share(key: Key, title: string, hint: string): Column<InstanceFacts> {
  return {
    key,
    title,
    hint,
    value: (row) => row[key],
    show: (row) => <Share value={row[key]} />,
  };
}

function Share({ value }: { readonly value: number | null }): JSX.Element {
  const tone =
    (value ?? 0) >= BAD_MIN ? 'bad' : (value ?? 0) >= ATTENTION_MIN ? 'attention' : 'accent';
  return (
    <>
      {value !== null && <ShareBar share={value} tone={tone} />} {formatPercent(value)}
    </>
  );
}

const COLUMNS: readonly Column<InstanceFacts>[] = [
  {
    key: 'instance',
    title: 'Instance',
    isText: true,
    value: ({ service, agent, resource }) =>
      `${service} ${resource['service.version'] ?? ''} ${agent}`,
    show: ({ service, agent, resource, id, isSilent }) => (
      <>
        <a class="underlined" href={linkHere({ instance: id })}>
          {service}
        </a>{' '}
        <span class="tag">{resource['service.version'] ?? 'no version'}</span>{' '}
        <span class="dim mono">{agent}</span> {isSilent && <Badge tone="unknown">silent</Badge>}
      </>
    ),
  },
  share('cpu', 'CPU', 'Of the process; 100 % is one core'),
  {
    key: 'memory',
    title: 'Memory',
    hint: 'Resident set, newest',
    value: ({ memory }) => memory,
    show: ({ memory }) => formatBytes(memory),
  },
  {
    key: 'heap',
    title: 'Heap',
    hint: 'Of the main thread: used of the limit, newest',
    value: ({ heap }) => heap,
    show: ({ heap, heapLimit }) =>
      heap === null ? NONE : `${formatBytes(heap)} of ${formatBytes(heapLimit)}`,
  },
  share(
    'loopUtilization',
    'Loop',
    'Share of time in which the main thread’s event loop was not idle',
  ),
  {
    key: 'loopP99',
    title: 'Delay p99',
    hint: 'What a callback of the main thread waits for its turn',
    value: ({ loopP99 }) => loopP99,
    show: ({ loopP99 }) => formatSeconds(loopP99),
  },
  share('gc', 'GC', 'Share of time that the main thread spent collecting garbage'),
  share('containerCpu', 'Container CPU', 'Of its quota'),
  share('containerMemory', 'Container memory', 'Of its limit, newest'),
  share('hostCpu', 'Host CPU', 'Of all cores'),
  share('hostMemory', 'Host memory', 'Not available, newest'),
];

const OF_CONTAINERS: readonly string[] = ['containerCpu', 'containerMemory'];

/** Those of containers only where there is one. */
export function columnsFor(rows: readonly InstanceFacts[]): readonly Column<InstanceFacts>[] {
  const isContained = rows.some((row) => row.containerCpu !== null || row.containerMemory !== null);
  return isContained ? COLUMNS : COLUMNS.filter(({ key }) => !OF_CONTAINERS.includes(key));
}
