/** Budgets of the database; see budget.ts. */
import { OPERATION_DURATION } from './application-metrics.js';
import { type Budget, type BudgetSource, budgetsOf, from } from './budget.js';
import {
  DB_CLIENT_CONNECTION_COUNT,
  DB_CLIENT_CONNECTION_MAX,
  DB_CLIENT_CONNECTION_WAIT_TIME,
  DB_CLIENT_OPERATION_DURATION,
  QUERY_CLASS,
  QUERY_TEXT,
} from './database-metrics.js';
import { MODULE_LIMITS_MS } from './operation-limits.js';

const database = budgetsOf('database');

const POOL = ['db.client.connection.pool.name'] as const;
/** Each process has a pool of that name: the mean of all would hide the one that is used up. */
const POOL_OF_PROCESS = ['service.instance.id', ...POOL] as const;
/** The collector judges them by plans that it has; agents have none. */
const NEEDS_PLANS =
  'needs the plans of statements: name the database to the collector (--advise-dsn), with a role that may read';
const NEEDS_TRIGGERS =
  'cannot be had: to a driver checks are no statements of their own; EXPLAIN ANALYZE, which tells their time, executes ' +
  'the write; and pg_stat_statements with track = all has only a mean, by which no budget is judged. What makes one ' +
  'slow is told as advice (foreign_key_without_index), and the write as a whole by write_operation';

export const DATABASE_BUDGETS: readonly Budget[] = [
  database('simple_query', 10, 'One query of one table.', queries('simple')),
  database(
    'complex_query',
    100,
    'One query with joins, subqueries or aggregates.',
    queries('complex'),
  ),
  database('write_operation', 50, 'One INSERT, UPDATE or DELETE.', queries('write')),
  database('transaction_commit', 30, 'One COMMIT.', queries('commit')),
  database(
    'connection_acquisition',
    20,
    'From asking a pool for a connection to having one.',
    from(DB_CLIENT_CONNECTION_WAIT_TIME, POOL),
  ),
  database(
    'db_connections',
    70,
    'Connections of a pool in use, of those that it may have.',
    from(DB_CLIENT_CONNECTION_COUNT, POOL_OF_PROCESS, {
      where: { 'db.client.connection.state': 'used' },
      over: DB_CLIENT_CONNECTION_MAX.name,
    }),
    { unit: '%', statistic: 'mean' },
  ),
  runs('migration_execution', 'One migration.'),
  runs('backup_operation', 'One backup.'),
  database('index_scan', 5, 'One query whose plan reads an index.', NEEDS_PLANS),
  database('table_scan', 500, 'One query whose plan reads a whole table.', NEEDS_PLANS),
  database(
    'foreign_key_check',
    20,
    'The part of a write that checks foreign keys.',
    NEEDS_TRIGGERS,
  ),
];

function queries(queryClass: string): BudgetSource {
  return from(DB_CLIENT_OPERATION_DURATION, ['db.system.name', QUERY_TEXT], {
    where: { [QUERY_CLASS]: queryClass },
  });
}

function runs(module: keyof typeof MODULE_LIMITS_MS, measured: string): Budget {
  const source = from(OPERATION_DURATION, ['tachograph.operation.name'], {
    where: { 'tachograph.module': module },
  });
  return database(module, MODULE_LIMITS_MS[module], measured, source, { statistic: 'max' });
}
