/** What is wrong with queries: repeated, slow, unbounded; with the line they come from and how to mend it. */
import type { JSX } from 'preact';
import type { FindingRow } from '../../api/health-answers.js';
import { useServiceView } from '../../api/questions.js';
import { Badge } from '../../parts/badge.js';
import { EmptyState } from '../../parts/empty-state.js';
import { formatCount, formatSeconds, plural } from '../../parts/format-value.js';
import { Answered, Panel } from '../../parts/panel.js';
import { RouteLink } from '../../parts/route-link.js';
import { serviceNote } from '../../state/range.js';
import { linkTo } from '../../state/url-state.js';

interface Answer {
  readonly findings: readonly FindingRow[];
  readonly omitted?: { readonly untold: number; readonly forgotten: number; readonly rows: number };
}

export function Findings(): JSX.Element {
  const findings = useServiceView<Answer>('/v1/findings');
  return (
    <Panel title="Findings" note={serviceNote('what queries cost more than they need')}>
      <Answered answer={findings} what="findings about queries">
        {({ findings: rows, omitted }) =>
          rows.length === 0 ? (
            <EmptyState title="Nothing was found.">
              No query is repeated, unbounded or slow enough to say so in this time.
            </EmptyState>
          ) : (
            <>
              <ul class="cards">
                {rows.map((row) => (
                  <li key={row.id} data-row="" tabIndex={-1}>
                    <Finding row={row} />
                  </li>
                ))}
              </ul>
              <Omitted omitted={omitted} />
            </>
          )
        }
      </Answered>
    </Panel>
  );
}

function Omitted({
  omitted,
}: {
  readonly omitted: Answer['omitted'] | undefined;
}): JSX.Element | null {
  if (omitted === undefined) return null;
  const { rows, untold, forgotten } = omitted;
  const notes = [
    rows > 0 && `${plural(rows, 'more finding')} that cost less`,
    untold > 0 && `${formatCount(untold)} that a window of an agent had no room for`,
    forgotten > 0 && `${plural(forgotten, 'statement')} of a route that an agent let go`,
  ].filter((note) => note !== false);
  return notes.length === 0 ? null : <p class="dim pad">Not shown: {notes.join('; ')}.</p>;
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
      <HeldBy blocker={row.blocker} />
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

const STATES: Readonly<Record<string, string>> = {
  running: 'waited for a transaction that runs',
  waiting: 'and this one waited for each other, or in a row',
  idle: 'waited for an open transaction that runs nothing; last it ran',
  unknown: 'waited for a transaction of which the server tells nothing',
};

function HeldBy({
  blocker,
}: {
  readonly blocker: FindingRow['blocker'] | undefined;
}): JSX.Element | null {
  if (blocker == null) return null;
  return (
    <>
      <p class="dim">{STATES[blocker.state] ?? STATES.unknown}</p>
      {blocker.query !== null && <pre class="code">{blocker.query}</pre>}
    </>
  );
}
