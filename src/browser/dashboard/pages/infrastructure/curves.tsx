/** Curves of the infrastructure, an instance or a direction a line. */
import type { JSX } from 'preact';
import type { Group, QueryAnswer, Stats } from '../../api/answers.js';
import { useAnswer } from '../../api/api-client.js';
import type { InstanceRow } from '../../api/health-answers.js';
import { OF_MAIN_THREAD, type SeriesQuestion, useSeries } from '../../api/questions.js';
import { curveFromMs, curveToMs } from '../../charts/series.js';
import { TimeChart } from '../../charts/time-chart.js';
import { EmptyState } from '../../parts/empty-state.js';
import { formatBytes, formatPercent, formatSeconds } from '../../parts/format-value.js';
import { Answered, Panel } from '../../parts/panel.js';
import { param } from '../../state/url-state.js';
import { machineLines } from './machine-lines.js';

const INSTANCE = 'service.instance.id';
/** Groups, two a process: each step of one is a point, and a question may ask for 50,000 of them. */
const GROUPS_MAX = '400';
/** Lines of a chart that can be told apart. */
const LINES_MAX = '6';
const CURVES: readonly CurveProps[] = [
  {
    title: 'CPU of processes',
    question: { metric: 'process.cpu.utilization', group: INSTANCE, limit: LINES_MAX },
    of: ({ mean }) => mean,
    format: formatPercent,
  },
  {
    title: 'Memory of processes',
    question: { metric: 'process.memory.usage', group: INSTANCE, limit: LINES_MAX },
    of: ({ last }) => last,
    format: formatBytes,
  },
  {
    title: 'Event loop delay, p99',
    question: {
      metric: 'nodejs.eventloop.delay',
      group: INSTANCE,
      where: OF_MAIN_THREAD,
      limit: LINES_MAX,
    },
    of: ({ p99 }) => p99,
    format: formatSeconds,
  },
  {
    title: 'Garbage collection, time a second',
    question: { metric: 'v8js.gc.duration', group: 'v8js.gc.type', limit: LINES_MAX },
    of: ({ rate = 0, mean = 0 }) => rate * mean,
    format: formatSeconds,
  },
  bytesOfMachines('Disk', 'disk'),
  bytesOfMachines('Network', 'network'),
];

export function Curves(): JSX.Element {
  return (
    <div class="halves">
      {CURVES.map((curve) => (
        <Curve key={curve.title} {...curve} />
      ))}
    </div>
  );
}

function bytesOfMachines(title: string, kind: 'disk' | 'network'): CurveProps {
  const direction = `${kind}.io.direction`;
  const group = `host.name,${INSTANCE},${direction}`;
  return {
    title: `${title}, bytes a second`,
    question: { metric: `system.${kind}.io`, group, limit: GROUPS_MAX },
    ofMachines: direction,
    of: ({ rate }) => rate,
    format: formatBytes,
  };
}

interface CurveProps {
  readonly title: string;
  readonly question: SeriesQuestion;
  readonly of: (stats: Stats) => number | undefined;
  readonly format: (value: number) => string;
  /** Of the machines, by this attribute; else of each group. */
  readonly ofMachines?: string;
}

function Curve(curve: CurveProps): JSX.Element {
  const { title, question } = curve;
  const answer = useSeries(question);
  const names = useInstanceNames();
  return (
    <Panel title={title}>
      {answer.state === 'missing' ? (
        <NothingRecorded />
      ) : (
        <Answered answer={answer} what="this curve">
          {(data) =>
            data.groups.length === 0 ? (
              <NothingRecorded />
            ) : (
              <Lines {...curve} answer={data} names={names} />
            )
          }
        </Answered>
      )}
    </Panel>
  );
}

/** No process of this time has such a metric. */
function NothingRecorded(): JSX.Element {
  return <EmptyState title="Nothing was recorded of it in this time." />;
}

interface LinesProps extends CurveProps {
  readonly answer: QueryAnswer;
  readonly names: ReadonlyMap<string, string>;
}

function Lines({ title, answer, of, format, ofMachines, names }: LinesProps): JSX.Element {
  const lines =
    ofMachines === undefined
      ? answer.groups.map((group) => ({
          label: labelOf(group, names),
          points: group.points.map((point) => [point.timeMs, of(point) ?? null] as const),
        }))
      : machineLines(answer.groups, ofMachines, of);
  return (
    <TimeChart
      title={title}
      lines={lines}
      fromMs={curveFromMs(answer)}
      toMs={curveToMs(answer, Date.now())}
      format={format}
    />
  );
}

function labelOf({ attributes }: Group, names: ReadonlyMap<string, string>): string {
  const value = Object.values(attributes).join(' ');
  return names.get(value) ?? (value || 'all');
}

/** Of an instance, by its id: whose it is. */
function useInstanceNames(): ReadonlyMap<string, string> {
  const answer = useAnswer<{ instances: readonly InstanceRow[] }>('/v1/instances', {
    service: param('service'),
  });
  return new Map(
    (answer.data?.instances ?? []).map(({ resource, service, agent }) => [
      resource[INSTANCE] ?? '',
      `${service} ${agent}`,
    ]),
  );
}
