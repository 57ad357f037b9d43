/** One route: when it was how slow, where its time goes, and the requests that show it. */
import type { JSX } from 'preact';
import type { Answer } from '../../api/answer-state.js';
import type { RouteRow, RoutesAnswer, TracesAnswer } from '../../api/answers.js';
import { useAnswer } from '../../api/api-client.js';
import { useView } from '../../api/questions.js';
import { Figure } from '../../parts/badge.js';
import { EmptyState } from '../../parts/empty-state.js';
import {
  formatCount,
  formatPercent,
  formatPercentile,
  formatRate,
  formatSeconds,
} from '../../parts/format-value.js';
import { Answered, Panel } from '../../parts/panel.js';
import { rangeQuery, rangeText, scopeQuery } from '../../state/range.js';
import { param } from '../../state/url-state.js';
import { KeptTraces } from './kept-traces.js';
import { LatencyPanel } from './latency-panel.js';
import { Percentiles } from './percentiles.js';
import { TimeSplit } from './time-split.js';

const TRACES_MAX = '200';

export function RoutePage(): JSX.Element {
  const [method, route] = [param('method'), param('route')];
  const routes = useRoute(method, route);
  const traces = useView<TracesAnswer>('/v1/traces', {
    method,
    route,
    limit: TRACES_MAX,
    order: 'slowest',
  });
  const kept = traces.data?.traces ?? [];
  const own = routes.data?.routes.find((row) => isRow(row, method, route));
  return (
    <>
      <p class="page-title mono">
        <span class="method">{method}</span> {route}
      </p>
      <Answered answer={routes} what="the routes">
        {({ routes: rows }) => <Facts row={rows.find((row) => isRow(row, method, route))} />}
      </Answered>
      <LatencyPanel key={`${method} ${route}`} method={method} route={route} traces={kept} />
      {own !== undefined && <Percentiles method={method} route={route} calls={own.calls} />}
      <TimeSplit row={own} traces={kept} />
      <Answered answer={traces} what="the kept requests">
        {({ traces: rows }) => <KeptTraces traces={rows} />}
      </Answered>
    </>
  );
}

/** That route alone: of a list of all it may be past the end. */
function useRoute(method: string, route: string): Answer<RoutesAnswer> {
  const { service, where } = scopeQuery();
  const own = [`http.request.method:${method}`, `http.route:${route}`];
  return useAnswer('/v1/routes', { service, ...rangeQuery(), where: [...where, ...own] });
}

function isRow(row: RouteRow, method: string, route: string): boolean {
  return row.method === method && row.route === route;
}

function Facts({ row }: { readonly row: RouteRow | undefined }): JSX.Element {
  if (row === undefined) {
    return (
      <EmptyState title={`No request of this route in ${rangeText()}.`}>
        Choose a longer time above.
      </EmptyState>
    );
  }
  return (
    <Panel title="In this time" note={rangeText()}>
      <dl class="figures" data-test="route-facts">
        <Figure name="Requests">{formatCount(row.calls)}</Figure>
        <Figure name="Rate">{formatRate(row.rate)}</Figure>
        <Figure name="p50">{formatPercentile(row.p50, row.calls)}</Figure>
        <Figure name="p95">{formatPercentile(row.p95, row.calls)}</Figure>
        <Figure name="p99">{formatPercentile(row.p99, row.calls)}</Figure>
        <Figure name="Max">{formatSeconds(row.max)}</Figure>
        <Figure name="Failing">{formatPercent(row.errorRatio)}</Figure>
        <Figure name="Queries a request">{formatCount(row.queriesPerRequest)}</Figure>
        <Figure name="Total time">{formatSeconds(row.total)}</Figure>
      </dl>
    </Panel>
  );
}
