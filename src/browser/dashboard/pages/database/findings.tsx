/** What is wrong with queries: repeated, slow, unbounded; with the line they come from and how to mend it. */
import type { JSX } from 'preact';
import type { FindingRow } from '../../api/health-answers.js';
import { useServiceView } from '../../api/questions.js';
import { Badge } from '../../parts/badge.js';
import { EmptyState } from '../../parts/empty-state.js';
import { formatSeconds, plural } from '../../parts/format-value.js';
import { Answered, Panel } from '../../parts/panel.js';
import { RouteLink } from '../../parts/route-link.js';
import { serviceNote } from '../../state/range.js';
import { linkTo } from '../../state/url-state.js';

export function Findings(): JSX.Element {
  const findings = useServiceView<{ findings: readonly FindingRow[] }>('/v1/findings');
  return (
    <Panel title="Findings" note={serviceNote('what queries cost more than they need')}>
      <Answered answer={findings} what="findings about queries">
        {({ findings: rows }) =>
          rows.length === 0 ? (
            <EmptyState title="Nothing was found.">
              No query is repeated, unbounded or slow enough to say so in this time.
            </EmptyState>
          ) : (
            <ul class="cards">
              {rows.map((row) => (
                <li key={row.id} data-row="" tabIndex={-1}>
                  <Finding row={row} />
                </li>
              ))}
            </ul>
          )
        }
      </Answered>
    </Panel>
  );
}

function Finding({ row }: { readonly row: FindingRow }): JSX.Element {
  const { kind, method, route, operation, query, code, fix, confidence } = row;
  return (
    <article>
      <p>
        <Badge tone="attention">{kind.replaceAll('_', ' ')}</Badge>{' '}
        {route === null ? (
          <b>{operation ?? row.system}</b>
        ) : (
          <RouteLink method={method ?? ''} route={route} />
        )}{' '}
        <span class="dim">
          {plural(row.callsPerRequest, 'call')} a {route === null ? 'run' : 'request'} · wastes ~
          {formatSeconds(row.perDay)} a day · {confidence} confidence
        </span>
      </p>
      <pre class="code">{query}</pre>
      <p>
        {code !== null && (
          <span class="mono">
            {code.file}:{code.line}{' '}
          </span>
        )}
        {fix}{' '}
        {row.traceId !== null && <a href={linkTo('trace', { id: row.traceId })}>Example trace</a>}
      </p>
    </article>
  );
}
