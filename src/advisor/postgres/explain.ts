/**
 * Asks PostgreSQL for the plan of a SELECT with values that are not known: that of a prepared statement with a forced
 * generic plan, in every version. (EXPLAIN (GENERIC_PLAN) of 16 and later wants its parameters bound by the protocol that
 * refuses a second statement, and then plans with what is bound.) Nothing is executed, and no prepared statement
 * is left with the connection. Each plan waits for its turn.
 */
import { randomBytes } from 'node:crypto';
import type { Token } from '../../sql/token.js';
import type { Pace } from '../pace.js';
import type { Plan } from '../plan.js';
import { renderStatement } from '../statement/render-statement.js';
import type { ReadOnly } from './postgres-session.js';
import { readPlan } from './read-plan.js';

/** The SQL of a SELECT with `$1` … for its values. */
export interface Prepared {
  readonly sql: string;
  readonly parameters: number;
}

export function preparedOf(tokens: readonly Token[]): Prepared {
  let parameters = 0;
  const sql = renderStatement(
    tokens,
    () => {
      parameters += 1;
      return `$${parameters}`;
    },
    (value, type) => `CAST(${value} AS ${type})`,
  );
  return { sql, parameters };
}

/** Makes what asks for plans in a transaction, at `pace`. */
export function createExplain(
  pace: Pace,
): (transaction: ReadOnly, prepared: Prepared) => Promise<Plan> {
  // Of this run alone, should two of them be given the same connection of a pooler.
  const name = `tachograph_advisor_${randomBytes(6).toString('hex')}`;
  return async ({ query, attempt }, { sql, parameters }) => {
    await pace();
    if (parameters === 0) {
      return planIn(await attempt(() => query(`EXPLAIN (FORMAT JSON) ${sql}`)));
    }
    await attempt(() => query(`PREPARE ${name} AS ${sql}`));
    const values = Array.from({ length: parameters }, () => 'NULL').join(', ');
    try {
      return planIn(await attempt(() => query(`EXPLAIN (FORMAT JSON) EXECUTE ${name}(${values})`)));
    } finally {
      await query(`DEALLOCATE ${name}`);
    }
  };
}

function planIn(rows: readonly Readonly<Record<string, unknown>>[]): Plan {
  const value = rows[0]!['QUERY PLAN'];
  return readPlan(typeof value === 'string' ? JSON.parse(value) : value);
}
