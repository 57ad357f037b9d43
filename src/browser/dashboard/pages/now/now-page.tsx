/** How things stand now: a sentence, a line for each layer, four curves, what to mend first, and what just happened. */
import type { JSX } from 'preact';
import { useAnswer } from '../../api/api-client.js';
import type { BudgetRow, ChecklistAnswer, ServicesAnswer } from '../../api/health-answers.js';
import { useServiceView, useView } from '../../api/questions.js';
import { Badge } from '../../parts/badge.js';
import { NoTraffic } from '../../parts/empty-state.js';
import { Answered, Panel } from '../../parts/panel.js';
import { rangeText } from '../../state/range.js';
import { AttentionList } from './attention-list.js';
import { errorRatio } from './error-ratio.js';
import { CHECK_TONES, type LayerCheck, layerChecks, listChecks } from './layer-checks.js';
import { LiveTail } from './live-tail.js';
import { RequestFigures } from './request-figures.js';
import { useOutcomes } from './use-outcomes.js';
import { verdictOf } from './verdict.js';
import { VitalSigns } from './vital-signs.js';

export function NowPage(): JSX.Element {
  const budgets = useView<{ budgets: readonly BudgetRow[] }>('/v1/budgets');
  const services = useAnswer<ServicesAnswer>('/v1/services');
  if (services.state === 'ok' && services.data.services.length === 0) return <NoTraffic />;
  return (
    <>
      <Answered answer={budgets} what="the budgets">
        {({ budgets: rows }) => <VerdictLine budgets={rows} />}
      </Answered>
      <VitalSigns />
      <RequestFigures />
      <div class="halves">
        <Panel title="Layers" note={`against their budgets, ${rangeText()}`}>
          <Answered answer={budgets} what="the budgets">
            {({ budgets: rows }) => <Checks budgets={rows} />}
          </Answered>
        </Panel>
        <AttentionList />
      </div>
      <LiveTail />
    </>
  );
}

/** Of all requests: of the costliest routes it would leave out what fails fast. */
function VerdictLine({ budgets }: { readonly budgets: readonly BudgetRow[] }): JSX.Element {
  const outcomes = useOutcomes();
  if (outcomes.state === 'missing') return <VerdictText budgets={budgets} failing={null} />;
  return (
    <Answered answer={outcomes} what="the requests">
      {({ groups }) => <VerdictText budgets={budgets} failing={errorRatio(groups)} />}
    </Answered>
  );
}

function VerdictText(props: {
  readonly budgets: readonly BudgetRow[];
  readonly failing: number | null;
}): JSX.Element {
  const { tone, text } = verdictOf(props.budgets, props.failing, rangeText());
  const words = { ok: 'Fine', attention: 'Look at this', bad: 'Failing', unknown: 'Nothing yet' };
  return (
    <p class={`verdict verdict-${tone}`} role="status">
      <Badge tone={tone}>{words[tone as keyof typeof words]}</Badge>
      <span data-test="verdict">{text}</span>
    </p>
  );
}

function Checks({ budgets }: { readonly budgets: readonly BudgetRow[] }): JSX.Element {
  const practice = useServiceView<ChecklistAnswer>('/v1/checklist');
  const checks = [
    ...layerChecks(budgets),
    ...(practice.state === 'ok' ? listChecks(practice.data) : []),
  ];
  return (
    <ul class="checks">
      {checks.map((check) => (
        <li key={check.title}>
          <Check check={check} />
        </li>
      ))}
    </ul>
  );
}

function Check({ check }: { readonly check: LayerCheck }): JSX.Element {
  const { title, state, text, details } = check;
  const line = (
    <span class="check-line">
      <span>
        <Badge tone={CHECK_TONES[state]}>{state}</Badge>
      </span>
      <span>
        <b>{title}</b> <span class="dim">{text}</span>
        {details.length > 0 && <span class="more"> …</span>}
      </span>
    </span>
  );
  if (details.length === 0) return <div class="check">{line}</div>;
  return (
    <details class="check" data-row="">
      <summary>{line}</summary>
      <ul>
        {details.map((detail) => (
          <li key={detail}>{detail}</li>
        ))}
      </ul>
    </details>
  );
}
