/** What is set, and Tachograph itself: budgets, libraries, what each agent costs, and every ledger. */
import type { JSX } from 'preact';
import type { BudgetRow } from '../../api/health-answers.js';
import { useView } from '../../api/questions.js';
import { Badge } from '../../parts/badge.js';
import { type Column, DataTable } from '../../parts/data-table.js';
import { EmptyState } from '../../parts/empty-state.js';
import { formatBudget, formatCount } from '../../parts/format-value.js';
import { Answered, Panel } from '../../parts/panel.js';
import type { Tone } from '../../parts/tone.js';
import { session, signOut } from '../../state/session.js';
import { groupTitle } from '../now/budget-title.js';
import { Libraries } from './libraries.js';
import { OwnCost } from './own-cost.js';

export function SettingsPage(): JSX.Element {
  const budgets = useView<{ budgets: readonly BudgetRow[] }>('/v1/budgets');
  return (
    <>
      <OwnCost />
      <Panel title="Budgets" note="set by tachograph.json and TACHOGRAPH_BUDGET_…">
        <Answered answer={budgets} what="the budgets">
          {({ budgets: rows }) => (
            <DataTable
              name="budgets"
              caption="Budgets"
              columns={BUDGET_COLUMNS}
              rows={rows}
              sort="state"
              keyOf={({ name }) => name}
              empty={<EmptyState title="There is no budget." />}
              hasFilter
            />
          )}
        </Answered>
      </Panel>
      <Libraries />
      <Panel title="Access">
        <div class="row pad">
          {session.value.isOpen ? (
            <p>
              Everybody who reaches this address may read
              {session.value.role === 'read' ? '' : ' and change things'}: it is this machine’s own.
              Make a token to ask for one: <code>npx tachograph token create --role read</code>
            </p>
          ) : (
            <>
              <p>Signed in with the role {session.value.role}.</p>
              <button type="button" onClick={() => void signOut()}>
                Sign out
              </button>
            </>
          )}
          <a href="/v1/openapi.json">The API of this collector</a>
        </div>
      </Panel>
    </>
  );
}

const TONES: Readonly<Record<BudgetRow['state'], Tone>> = {
  ok: 'ok',
  breach: 'bad',
  few: 'unknown',
  'no data': 'unknown',
};

const BUDGET_COLUMNS: readonly Column<BudgetRow>[] = [
  {
    key: 'name',
    title: 'Budget',
    isText: true,
    value: ({ name, attributes }) => `${name} ${groupTitle(attributes)}`,
    show: ({ name, attributes }) => (
      <>
        {name} <span class="dim mono wrap">{groupTitle(attributes)}</span>
      </>
    ),
  },
  { key: 'layer', title: 'Layer', isText: true, value: ({ layer }) => layer },
  {
    key: 'state',
    title: 'State',
    isText: true,
    value: ({ state }) => state,
    show: ({ state, reason }) => (
      <Badge tone={TONES[state]} title={reason ?? ''}>
        {state}
      </Badge>
    ),
  },
  { key: 'statistic', title: 'By', isText: true, value: ({ statistic }) => statistic },
  {
    key: 'value',
    title: 'Value',
    value: ({ value }) => value,
    show: ({ value, unit }) => formatBudget(value, unit),
  },
  {
    key: 'limit',
    title: 'Limit',
    value: ({ limit, valueLimit }) => valueLimit ?? limit,
    show: ({ limit, valueLimit, unit }) => formatBudget(valueLimit ?? limit, unit),
  },
  {
    key: 'samples',
    title: 'Values',
    value: ({ samples }) => samples,
    show: ({ samples }) => formatCount(samples),
  },
  {
    key: 'over',
    title: 'Over',
    value: ({ groupsInBreach }) => groupsInBreach,
    show: ({ groupsInBreach, groups }) => `${groupsInBreach} of ${groups}`,
  },
];
