/** The columns of the table of routes. */
import type { JSX } from 'preact';
import type { RouteRow } from '../../api/answers.js';
import { Badge, Change } from '../../parts/badge.js';
import type { Column } from '../../parts/data-table.js';
import {
  formatCount,
  formatPercent,
  formatRate,
  formatSeconds,
  SAMPLES_MIN,
} from '../../parts/format-value.js';
import { RouteLink } from '../../parts/route-link.js';
import { ShareBar } from '../../parts/share-bar.js';
import { spreadColumns } from '../../parts/timed-columns.js';
import type { RouteFacts } from './route-facts.js';

export type ShownRoute = RouteRow & { readonly facts: RouteFacts };

/** @param total seconds of all routes, of which each is a share */
export function routeColumns(total: number): readonly Column<ShownRoute>[] {
  return [
    {
      key: 'route',
      title: 'Route',
      isText: true,
      value: ({ method, route }) => `${method} ${route}`,
      show: (row) => (
        <>
          <RouteLink method={row.method} route={row.route} /> <Marks facts={row.facts} />
        </>
      ),
    },
    {
      key: 'total',
      title: 'Total time',
      value: (row) => row.total,
      show: (row) => (
        <>
          <ShareBar share={total > 0 ? row.total / total : 0} /> {formatSeconds(row.total)}
        </>
      ),
      hint: 'Of all requests together',
    },
    { key: 'rate', title: 'Rate', value: (row) => row.rate, show: (row) => formatRate(row.rate) },
    ...spreadColumns<ShownRoute>({ title: 'Requests', hint: `— below ${SAMPLES_MIN} requests` }),
    {
      key: 'errors',
      title: 'Failing',
      value: (row) => row.errorRatio,
      show: (row) => (
        <span class={row.errorRatio > 0 ? 'text-bad' : 'dim'}>{formatPercent(row.errorRatio)}</span>
      ),
      hint: '5xx and failures; not clients that went away',
    },
    {
      key: 'queries',
      title: 'Queries',
      value: (row) => row.queriesPerRequest,
      show: (row) => formatCount(row.queriesPerRequest),
      hint: 'Of one request, on average',
    },
    {
      key: 'database',
      title: 'In queries',
      value: databaseShare,
      show: (row) => formatPercent(databaseShare(row)),
      hint: 'Share of the total time in which a query ran',
    },
    {
      key: 'change',
      title: 'p95 vs week',
      value: (row) => row.facts.change,
      show: ({ facts }) => <Change ratio={facts.change} isSure={facts.isChangeSure} />,
      hint: 'Against the same time a week earlier; ~ where the data does not settle it',
    },
  ];
}

function databaseShare({ queryTime, total }: ShownRoute): number | null {
  return total > 0 ? queryTime / total : null;
}

function Marks({ facts }: { readonly facts: RouteFacts }): JSX.Element {
  const { modules, hasRepeatedQueries, isBlocked, budgetsOver } = facts;
  return (
    <span class="marks">
      {modules.map((name) => (
        <span key={name} class="tag">
          {name}
        </span>
      ))}
      {budgetsOver.length > 0 && (
        <Badge tone="attention" title={budgetsOver.join(', ')}>
          over budget
        </Badge>
      )}
      {hasRepeatedQueries && <Badge tone="attention">N+1</Badge>}
      {isBlocked && <Badge tone="attention">blocked</Badge>}
    </span>
  );
}
