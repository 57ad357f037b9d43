/**
 * Where a statement ends: the series of a query comes out of the ring with the statement itself, and
 * goes on with what may be known of it. Runs in the agent's worker, once a series.
 */
import {
  DB_CLIENT_OPERATION_DURATION,
  QUERY_CLASS,
  QUERY_TEXT,
} from '../shared/database-metrics.js';
import { isOfLock } from '../shared/lock-errors.js';
import { OTHER } from '../shared/metric.js';
import { described } from '../sql/described.js';
import type { Series } from '../transport/batch.js';

const OF_CONSTRAINT =
  /^(?:23[0-9A-Z]{3}|ER_DUP_ENTRY|ER_ROW_IS_REFERENCED(?:_2)?|ER_NO_REFERENCED_ROW(?:_2)?)$/;

/** `series` as it is, or that of a query with the statement made canonical. */
export function describeQuery(series: Series): Series {
  if (series.name !== DB_CLIENT_OPERATION_DURATION.name) return series;
  const values = new Map(series.attributes);
  const statement = values.get(QUERY_TEXT);
  if (statement === undefined || statement === OTHER) return series;
  const errorType = values.get('error.type') ?? '';
  const { text, verb, table, queryClass } = described(
    values.get('db.system.name') ?? '',
    statement,
    // What waited for a lock, or broke a constraint, had been understood: its names are names, as the database will show them, too.
    errorType !== '' && !isOfLock(errorType) && !OF_CONSTRAINT.test(errorType),
  );
  values.set(QUERY_TEXT, text).set(QUERY_CLASS, queryClass);
  if (verb !== undefined) values.set('db.operation.name', verb);
  if (table !== undefined) values.set('db.collection.name', table);
  return { ...series, attributes: [...values].sort(([a], [b]) => (a < b ? -1 : 1)) };
}
