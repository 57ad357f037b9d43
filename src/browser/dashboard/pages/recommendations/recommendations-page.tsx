/** What to do, the costliest first, each with its evidence and how it will be verified; and the lists of good practice. */
import type { JSX } from 'preact';
import type { ChecklistAnswer, RecommendationRow } from '../../api/health-answers.js';
import { useServiceView } from '../../api/questions.js';
import { Badge } from '../../parts/badge.js';
import { EmptyState } from '../../parts/empty-state.js';
import { formatSeconds } from '../../parts/format-value.js';
import { Answered, Panel } from '../../parts/panel.js';
import type { Tone } from '../../parts/tone.js';
import { serviceNote } from '../../state/range.js';
import { CHECK_TONES } from '../now/layer-checks.js';

const PRIORITIES: Readonly<Record<RecommendationRow['priority'], Tone>> = {
  high: 'bad',
  medium: 'attention',
  low: 'plain',
};

export function RecommendationsPage(): JSX.Element {
  const answer = useServiceView<{ recommendations: readonly RecommendationRow[] }>(
    '/v1/recommendations',
  );
  const lists = useServiceView<ChecklistAnswer>('/v1/checklist');
  return (
    <>
      <Panel title="Recommendations" note={serviceNote()}>
        <Answered answer={answer} what="recommendations">
          {({ recommendations }) =>
            recommendations.length === 0 ? (
              <EmptyState title="Nothing to recommend.">
                What was recorded in this time gives no reason to change anything.
              </EmptyState>
            ) : (
              <ul class="cards">
                {recommendations.map((row) => (
                  <li key={row.id} data-row="" tabIndex={-1}>
                    <Recommendation row={row} />
                  </li>
                ))}
              </ul>
            )
          }
        </Answered>
      </Panel>
      <Panel title="Checklist" note={serviceNote()}>
        <Answered answer={lists} what="a checklist of good practice">
          {(data) => <Lists data={data} />}
        </Answered>
      </Panel>
    </>
  );
}

function Recommendation({ row }: { readonly row: RecommendationRow }): JSX.Element {
  const { priority, title, finding, evidence, costPerDay, fix, confidence, verification } = row;
  return (
    <article>
      <p>
        <Badge tone={PRIORITIES[priority]}>{priority}</Badge> <b>{title}</b>{' '}
        <span class="tag">{row.status}</span>{' '}
        <span class="dim">
          {costPerDay > 0 && `costs ~${formatSeconds(costPerDay)} a day · `}
          {confidence} confidence
          {row.saved !== null && ` · saved ${formatSeconds(row.saved)} a day`}
        </span>
      </p>
      <p>{finding}</p>
      <ul>
        {evidence.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <p>
        <b>Do:</b> {fix.text}
      </p>
      {fix.code !== null && <pre class="code">{fix.code}</pre>}
      <p class="small dim">Verified by: {verification}</p>
    </article>
  );
}

function Lists({ data }: { readonly data: ChecklistAnswer }): JSX.Element {
  return (
    <div class="halves">
      {data.lists.map(({ list, title, items }) => (
        <div key={list}>
          <h3>{title}</h3>
          <ul class="checks">
            {items.map(({ item, title: what, state, reason, evidence }) => (
              <li key={item}>
                <details class="check" data-row="">
                  <summary class="check-line">
                    <span>
                      <Badge tone={CHECK_TONES[state]}>{state}</Badge>
                    </span>
                    <span>
                      <b>{what}</b> <span class="dim">{reason}</span>
                    </span>
                  </summary>
                  <ul>
                    {evidence.map((line) => (
                      <li key={line}>{line}</li>
                    ))}
                    {evidence.length === 0 && <li>No evidence was given.</li>}
                  </ul>
                </details>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </div>
  );
}
