/**
 * Metrics of databases, caches and their connection pools; see metrics.ts. Queries are told apart by
 * class because their budgets differ: `simple`, `complex` (joins, aggregates, subqueries), `write`,
 * `commit`, `transaction` (begin, rollback, savepoints), `ddl`, `other`.
 */
import { COUNT, createFamily, type Metric, SECONDS } from './metric.js';

const { metrics, histogram, counter, gauge } = createFamily();

export const DATABASE_METRICS: readonly Metric[] = metrics;

/** Class of a statement, by which its budget is chosen. */
export const QUERY_CLASS = 'tachograph.db.query.class';
/** The statement without its literals; on its way to the agent's worker the statement itself. */
export const QUERY_TEXT = 'db.query.text';

export const DB_CLIENT_OPERATION_DURATION: Metric = histogram(
  'db.client.operation.duration',
  SECONDS,
  'From a query or command handed to its driver to the end of its result.',
  [
    'db.system.name',
    'db.operation.name',
    'db.collection.name',
    QUERY_CLASS,
    QUERY_TEXT,
    'error.type',
  ],
);
export const DB_CLIENT_CONNECTION_WAIT_TIME: Metric = histogram(
  'db.client.connection.wait_time',
  SECONDS,
  'From asking a pool for a connection to having one.',
  ['db.client.connection.pool.name', 'error.type'],
);
export const DB_CLIENT_CONNECTION_CREATE_TIME: Metric = histogram(
  'db.client.connection.create_time',
  SECONDS,
  'Time to open a new connection to a database.',
  ['db.system.name', 'server.address', 'error.type'],
);
export const DB_CLIENT_CONNECTION_COUNT: Metric = gauge(
  'db.client.connection.count',
  COUNT,
  'Connections of a pool by state (idle, used).',
  ['db.client.connection.pool.name', 'db.client.connection.state'],
);
export const DB_CLIENT_CONNECTION_MAX: Metric = gauge(
  'db.client.connection.max',
  COUNT,
  'Connections a pool may have.',
  ['db.client.connection.pool.name'],
);
export const DB_CLIENT_CONNECTION_PENDING_REQUESTS: Metric = gauge(
  'db.client.connection.pending_requests',
  COUNT,
  'Callers that wait for a connection of a pool.',
  ['db.client.connection.pool.name'],
);
export const DB_TRANSACTION_DURATION: Metric = histogram(
  'tachograph.db.transaction.duration',
  SECONDS,
  'From the BEGIN of a connection to its COMMIT or ROLLBACK.',
  ['db.system.name', 'tachograph.db.transaction.outcome'],
);
export const CACHE_OPERATIONS: Metric = counter(
  'tachograph.cache.operations',
  COUNT,
  'Reads of a cache by result (hit, miss).',
  ['tachograph.cache.name', 'tachograph.cache.result'],
);
