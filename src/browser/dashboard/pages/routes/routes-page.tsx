/** Routes, those first that take most time in all. */
import type { JSX } from 'preact';
import type { RouteRow, RoutesAnswer, TracesAnswer } from '../../api/answers.js';
import type { BreachRow, ChangeRow, FindingRow } from '../../api/health-answers.js';
import { useServiceView, useTotals, useView } from '../../api/questions.js';
import { DataTable } from '../../parts/data-table.js';
import { NoTraffic } from '../../parts/empty-state.js';
import { Answered, Panel } from '../../parts/panel.js';
import { isNarrowed, rangeText } from '../../state/range.js';
import { routeColumns } from './route-columns.js';
import { type FactSources, routeFacts } from './route-facts.js';

const ROUTES_MAX = '500';

export function RoutesPage(): JSX.Element {
  const routes = useView<RoutesAnswer>('/v1/routes', { limit: ROUTES_MAX });
  const sources = useFacts();
  return (
    <Panel title="Routes" note={`by the time that they take in all, ${rangeText()}`}>
      <Answered answer={routes} what="the routes">
        {({ routes: rows }) => <Table rows={rows} sources={sources} />}
      </Answered>
    </Panel>
  );
}

function Table(props: {
  readonly rows: readonly RouteRow[];
  readonly sources: FactSources;
}): JSX.Element {
  const total = props.rows.reduce((sum, row) => sum + row.total, 0);
  const rows = props.rows.map((row) => ({ ...row, facts: routeFacts(row, props.sources) }));
  return (
    <DataTable
      name="routes"
      caption="Routes"
      columns={routeColumns(total)}
      rows={rows}
      sort="-total"
      keyOf={({ method, route }) => `${method} ${route}`}
      empty={<NoTraffic />}
      hasFilter
    />
  );
}

function useFacts(): FactSources {
  const modules = useTotals({
    metric: 'http.server.request.duration',
    group: 'http.request.method,http.route,tachograph.module',
    limit: '500',
  });
  const findings = useServiceView<{ findings: readonly FindingRow[] }>('/v1/findings');
  const breaches = useView<{ breaches: readonly BreachRow[] }>('/v1/breaches', { limit: '500' });
  const traces = useView<TracesAnswer>('/v1/traces', { limit: '500' });
  const before = useView<RoutesAnswer>('/v1/routes', { limit: ROUTES_MAX }, 1);
  const changes = useServiceView<{ rows: readonly ChangeRow[] }>('/v1/changes', { limit: '500' });
  return {
    modules: modules.data?.groups ?? [],
    findings: findings.data?.findings ?? [],
    breaches: breaches.data?.breaches ?? [],
    blocked: traces.data?.traces ?? [],
    before: before.data?.routes ?? [],
    // They are of all versions and instances.
    changes: isNarrowed() ? [] : (changes.data?.rows ?? []),
  };
}
