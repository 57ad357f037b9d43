/** Percentiles of a route over time, with deploys, and those of a week earlier where that is chosen. */
import type { JSX } from 'preact';
import type { QueryAnswer } from '../../api/answers.js';
import type { DeployRow } from '../../api/health-answers.js';
import { useSeries, useServiceView } from '../../api/questions.js';
import { curveFromMs, curveToMs, type Line, shifted } from '../../charts/series.js';
import { TimeChart } from '../../charts/time-chart.js';
import { formatCount, formatSeconds, SAMPLES_MIN } from '../../parts/format-value.js';
import { Answered, Panel } from '../../parts/panel.js';
import { isComparing, POINTS_MAX } from '../../state/range.js';

const WEEK_MS = 604_800_000;
const SHOWN = ['p50', 'p95', 'p99'] as const;

export interface PercentilesProps {
  readonly method: string;
  readonly route: string;
  /** Requests in the time shown: a step holds enough of them for a percentile. */
  readonly calls: number;
}

/** Few steps still show a shape. */
const STEPS_MIN = 6;

export function Percentiles({ method, route, calls }: PercentilesProps): JSX.Element {
  const question = {
    metric: 'http.server.request.duration',
    where: [`http.request.method:${method}`, `http.route:${route}`],
  };
  const steps = Math.floor(calls / (2 * SAMPLES_MIN));
  const pointsMax = Math.min(POINTS_MAX, Math.max(STEPS_MIN, steps));
  const now = useSeries(question, 0, pointsMax);
  const before = useSeries(isComparing() ? question : undefined, 1, pointsMax);
  const deploys = useServiceView<{ deploys: readonly DeployRow[] }>('/v1/deploys');
  const marks = (deploys.data?.deploys ?? []).map(({ atMs, service, version }) => ({
    timeMs: atMs,
    label: `${service} ${version}`,
  }));
  return (
    <Panel title="Percentiles" note={`of steps with at least ${SAMPLES_MIN} requests`}>
      <Answered answer={now} what="this route">
        {(answer) => (
          <div class="halves">
            <TimeChart
              title="Percentiles of the duration"
              lines={[...linesOf(answer, SHOWN), ...linesBefore(before.data)]}
              marks={marks}
              fromMs={fromMsOf(answer)}
              toMs={curveToMs(answer, Date.now())}
              format={formatSeconds}
            />
            <TimeChart
              title="Requests"
              lines={[
                {
                  label: 'a second',
                  points: points(answer).map(({ timeMs, rate = 0 }) => [timeMs, rate] as const),
                },
              ]}
              fromMs={fromMsOf(answer)}
              toMs={curveToMs(answer, Date.now())}
              format={formatCount}
            />
          </div>
        )}
      </Answered>
    </Panel>
  );
}

/** What is a week older may begin earlier. */
function fromMsOf(answer: QueryAnswer): number {
  return isComparing() ? answer.fromMs : curveFromMs(answer);
}

function points(answer: QueryAnswer): QueryAnswer['groups'][number]['points'] {
  return answer.groups[0]?.points ?? [];
}

function linesOf(answer: QueryAnswer, names: readonly (typeof SHOWN)[number][]): Line[] {
  return names.map((name) => ({
    label: name,
    points: points(answer).map((point) => {
      const isEnough = (point.count ?? 0) >= SAMPLES_MIN;
      return [point.timeMs, isEnough ? (point[name] ?? null) : null] as const;
    }),
  }));
}

function linesBefore(answer: QueryAnswer | undefined): Line[] {
  if (answer === undefined) return [];
  return linesOf(answer, ['p95']).map((line) =>
    shifted({ ...line, label: 'p95 a week earlier' }, WEEK_MS),
  );
}
