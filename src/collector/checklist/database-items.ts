/** The list of the database: one row an item. */
import type { Evidence } from '../recommendations/evidence/evidence.js';
import { count, items, percent, quoted, time } from '../recommendations/words.js';
import { attention, cannotTell, type ItemRow, type Judged, ok, type Verdict } from './checklist.js';
import { budgetText, byBudgets, byRules } from './judges.js';

const NO_QUERIES = 'no query was recorded: none was made, or the driver is not recognised.';
const TRANSACTIONS_MIN = 20;
/** A transaction that long holds its locks from others. */
const LONG_TRANSACTION_SECONDS = 1;
const ROLLED_BACK_MAX = 0.05;

export const DATABASE_ITEMS: readonly ItemRow[] = [
  {
    item: 'query_time',
    title: 'Query time',
    judge: byBudgets(['simple_query', 'complex_query', 'write_operation'], NO_QUERIES),
  },
  {
    item: 'index_utilisation',
    title: 'Index utilisation',
    judge: byRules({
      types: [
        'missing_index',
        'foreign_key_without_index',
        'unused_index',
        'duplicate_index',
        'cast',
      ],
      missing: needsAdvice,
      fine: 'No index is missing, unused or there twice.',
      figures: ({ queries }) =>
        [...queries]
          .sort((a, b) => b.p95 - a.p95)
          .slice(0, 1)
          .map(({ text, p95 }) => `Slowest: ${quoted(text)}, p95 ${time(p95)}.`),
    }),
  },
  {
    item: 'pool_configuration',
    title: 'Pool configuration',
    judge: byRules({
      types: ['pool_too_small', 'pool_too_large', 'no_pool', 'connection_leak'],
      missing: ({ pools }) => (pools.length === 0 ? 'no pool of connections was seen.' : undefined),
      fine: 'Large enough that nobody waits, and not far larger.',
      figures: ({ pools, budgets }) => [
        ...pools.map(
          ({ pool, used, usedMax, limit }) =>
            `${pool}: ${count(used)} in use on average, ${count(usedMax)} at most, of ${count(limit)}.`,
        ),
        ...budgets
          .filter(({ name, value }) => name === 'connection_acquisition' && value !== null)
          .map(budgetText),
      ],
    }),
  },
  { item: 'transactions', title: 'Transactions', judge: transactionsVerdict },
  {
    item: 'backup',
    title: 'Backup',
    judge: byBudgets(
      ['backup_operation'],
      'no backup was recorded. Run it as: tachograph measure --kind backup nightly -- pg_dump …',
    ),
  },
  {
    item: 'migrations',
    title: 'Migrations',
    judge: byBudgets(
      ['migration_execution'],
      'no migration was recorded. Run it as: tachograph measure --kind migration deploy -- npm run migrate',
    ),
  },
  {
    item: 'plan_analysis',
    title: 'Plan analysis',
    judge: byRules({
      types: ['missing_index', 'cast', 'slow_query'],
      missing: needsAdvice,
      fine: 'The plans of the slow statements read no more than they need.',
      figures: ({ budgets }) =>
        budgets
          .filter(({ name, value }) => /^(?:index|table)_scan$/.test(name) && value !== null)
          .map(budgetText),
    }),
  },
  {
    item: 'duplicate_queries',
    title: 'Duplicate queries',
    judge: byRules({
      types: ['duplicate_query'],
      missing: ({ queries }) => (queries.length === 0 ? NO_QUERIES : undefined),
      fine: 'No request asks the same with the same values again.',
      figures: ({ queries, requests }) => {
        const calls = queries.reduce((sum, one) => sum + one.calls, 0);
        return calls === 0
          ? []
          : [`${items(calls, 'query', 'queries')} in ${items(requests, 'request')}.`];
      },
    }),
  },
  {
    item: 'maintenance',
    title: 'Maintenance: statistics and bloat',
    judge: byRules({
      types: ['never_analysed', 'bloat'],
      missing: needsAdvice,
      fine: 'Tables have statistics and hold few dead rows.',
      figures: () => [],
    }),
  },
  {
    item: 'server_statistics',
    title: 'Statistics of the server',
    judge: ({ evidence }) => {
      const because = needsAdvice(evidence);
      if (because !== undefined) return cannotTell(because);
      const databases = [...new Set(evidence.advice.map(({ database }) => database))];
      return ok('The database’s own statistics are read.', databases);
    },
  },
];

function needsAdvice({ adviceMissing }: Evidence): string | undefined {
  return adviceMissing === null ? undefined : `${adviceMissing.replace(/\.$/, '')}.`;
}

function transactionsVerdict({ evidence, recommendations }: Judged): Verdict {
  const { transactions, budgets } = evidence;
  const all = transactions.reduce((sum, { calls }) => sum + calls, 0);
  const rolledBack = transactions
    .filter(({ names }) =>
      /rollback|rolled/i.test(names['tachograph.db.transaction.outcome'] ?? ''),
    )
    .reduce((sum, { calls }) => sum + calls, 0);
  const figures = transactions.map(
    ({ names, calls, p95, max }) =>
      `${names['tachograph.db.transaction.outcome'] ?? ''}: ${items(calls, 'transaction')}, p95 ${time(p95)}, longest ${time(max)}.`,
  );
  const found = recommendations.filter(({ type }) =>
    ['idle_transaction', 'lock_wait', 'deadlock'].includes(type),
  );
  const commit = budgets.find(
    ({ name, state }) => name === 'transaction_commit' && state === 'breach',
  );
  const long = transactions.filter(
    ({ calls, p95 }) => calls >= TRANSACTIONS_MIN && p95 > LONG_TRANSACTION_SECONDS,
  );
  const problems = [
    ...found.map(({ title }) => title),
    ...(commit === undefined ? [] : [`Slow commits: ${budgetText(commit)}`]),
    ...long.map(({ p95 }) => `Transactions are long: p95 ${time(p95)}`),
    ...(all >= TRANSACTIONS_MIN && rolledBack / all > ROLLED_BACK_MAX
      ? [`${percent(rolledBack / all)} of the transactions are rolled back`]
      : []),
  ];
  if (problems[0] !== undefined) {
    return attention(problems[0], [
      ...problems.slice(1),
      ...found.map(({ finding }) => finding),
      ...figures,
    ]);
  }
  if (all === 0) return cannotTell('no transaction was seen.');
  if (all < TRANSACTIONS_MIN) {
    return cannotTell(`there were fewer than ${TRANSACTIONS_MIN} transactions.`, figures);
  }
  return ok('Transactions are short, and few are rolled back.', figures);
}
