/** What the database's catalogue and plans say: indexes that are missing, unused or double, and statistics. */
import type { JSX } from 'preact';
import type { AdviceAnswer, AdviceRow } from '../../api/health-answers.js';
import { useServiceView } from '../../api/questions.js';
import { Badge } from '../../parts/badge.js';
import { EmptyState } from '../../parts/empty-state.js';
import { Answered, Panel } from '../../parts/panel.js';
import { serviceNote } from '../../state/range.js';

export function Advice(): JSX.Element {
  const answer = useServiceView<AdviceAnswer>('/v1/advice');
  return (
    <Panel title="Indexes and plans" note={serviceNote('from the database itself')}>
      <Answered answer={answer} what="advice about indexes">
        {({ advice, state, reason }) => {
          if (state !== 'ok') {
            return (
              <EmptyState title={state === 'off' ? 'Not looked at.' : 'It could not be looked at.'}>
                {reason ?? 'Give the collector a read-only connection to the database.'}
              </EmptyState>
            );
          }
          if (advice.length === 0) return <EmptyState title="Nothing to change." />;
          return (
            <ul class="cards">
              {advice.map((row) => (
                <li key={row.id} data-row="" tabIndex={-1}>
                  <Row row={row} />
                </li>
              ))}
            </ul>
          );
        }}
      </Answered>
    </Panel>
  );
}

function Row({ row }: { readonly row: AdviceRow }): JSX.Element {
  const { kind, database, table, ddl, gain, evidence, writeCost, confidence } = row;
  return (
    <article>
      <p>
        <Badge tone="attention">{kind.replaceAll('_', ' ')}</Badge>{' '}
        <b class="mono">
          {database}.{table}
        </b>{' '}
        <span class="dim">
          {gain !== null && `cost before / after: ${gain.toFixed(1)} · `}
          {confidence} confidence
        </span>
      </p>
      {ddl !== null && <pre class="code">{ddl}</pre>}
      <ul>
        {evidence.map((line) => (
          <li key={line}>{line}</li>
        ))}
        {writeCost !== null && <li>{writeCost}</li>}
      </ul>
    </article>
  );
}
