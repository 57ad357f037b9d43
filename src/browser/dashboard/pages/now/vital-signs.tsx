/** Four curves of the range: requests, how long they take, how many fail, and how late the event loop is. */
import type { JSX } from 'preact';
import type { Answer } from '../../api/answer-state.js';
import type { Group, QueryAnswer, Stats } from '../../api/answers.js';
import { OF_MAIN_THREAD, useSeries } from '../../api/questions.js';
import { curveFromMs, curveToMs } from '../../charts/series.js';
import { Sparkline } from '../../charts/sparkline.js';
import { Change } from '../../parts/badge.js';
import {
  formatPercent,
  formatPercentile,
  formatRate,
  SAMPLES_MIN,
} from '../../parts/format-value.js';
import { isComparing } from '../../state/range.js';
import { errorRatio, errorRatioAt } from './error-ratio.js';
import { useOutcomes } from './use-outcomes.js';

const DURATION = 'http.server.request.duration';

export function VitalSigns(): JSX.Element {
  // First: the sentence above waits for them.
  const outcomes = useOutcomes();
  const requests = useSeries({ metric: DURATION });
  const before = useSeries(isComparing() ? { metric: DURATION } : undefined, 1);
  const delay = useSeries({ metric: 'nodejs.eventloop.delay', where: OF_MAIN_THREAD });
  const total = requests.data?.groups[0]?.total;
  const old = before.data?.groups[0]?.total;
  const loop = delay.data?.groups[0]?.total;
  const groups = outcomes.data?.groups ?? [];
  return (
    <section class="vitals" aria-label="Vital signs">
      <Sign
        name="Requests"
        value={formatRate(total?.rate)}
        change={changeOf(total?.rate, old?.rate)}
        answer={requests}
        points={pointsOf(requests.data?.groups[0], ({ rate }) => rate)}
      />
      <Sign
        name="p95"
        value={formatPercentile(total?.p95, total?.count)}
        change={changeOf(p95Of(total), p95Of(old))}
        answer={requests}
        points={pointsOf(requests.data?.groups[0], p95Of)}
      />
      <Sign
        name="Failing"
        value={formatPercent(errorRatio(groups))}
        change={null}
        answer={outcomes}
        points={errorRatioAt(groups)}
      />
      <Sign
        name="Event loop delay, p99"
        value={formatPercentile(loop?.p99, loop?.count)}
        change={null}
        answer={delay}
        points={pointsOf(delay.data?.groups[0], ({ p99 }) => p99)}
      />
    </section>
  );
}

interface SignProps {
  readonly name: string;
  readonly value: string;
  readonly change: number | null;
  readonly answer: Answer<QueryAnswer>;
  readonly points: readonly (readonly [number, number | null])[];
}

function Sign({ name, value, change, answer, points }: SignProps): JSX.Element {
  const { data } = answer;
  const fromMs = data === undefined ? 0 : curveFromMs(data);
  const toMs = data === undefined ? 1 : curveToMs(data, Date.now());
  return (
    <div class="sign-card panel">
      <p class="sign-name">{name}</p>
      <p class="sign-value" data-test={`sign ${name}`}>
        {value}
        {change !== null && (
          <span class="small">
            <Change ratio={change} isSure={false} />
          </span>
        )}
      </p>
      <Sparkline points={points} fromMs={fromMs} toMs={toMs} />
    </div>
  );
}

export function pointsOf(
  group: Group | undefined,
  of: (stats: Stats) => number | null | undefined,
): (readonly [number, number | null])[] {
  return (group?.points ?? []).map((point) => [point.timeMs, of(point) ?? null] as const);
}

function p95Of(stats: Stats | undefined): number | undefined {
  return (stats?.count ?? 0) < SAMPLES_MIN ? undefined : stats?.p95;
}

function changeOf(now: number | undefined, before: number | undefined): number | null {
  return now === undefined || before === undefined || before === 0 ? null : now / before;
}
