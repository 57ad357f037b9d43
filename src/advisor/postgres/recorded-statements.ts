/** Statements from pg_stat_statements, where the database has it and the role may read it; the costliest first. */
import { STATEMENTS_MAX, type Statement } from '../statements.js';
import type { ReadOnly } from './postgres-session.js';

const FIND = `
SELECT n.nspname AS schema FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
WHERE e.extname = 'pg_stat_statements' AND has_schema_privilege(n.oid, 'USAGE')`;

/** Undefined where there is none, or it cannot be read. */
export async function recordedStatements({
  query,
  attempt,
}: ReadOnly): Promise<Statement[] | undefined> {
  const [found] = await query(FIND);
  if (found === undefined) return undefined;
  const schema = `"${String(found.schema).replaceAll('"', '""')}"`;
  const text = `SELECT s.query AS text, s.total_exec_time / 1000 AS seconds
    FROM ${schema}.pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid
    WHERE d.datname = current_database() AND s.query ~* '^\\s*(select|with|update|delete)\\y'
    ORDER BY s.total_exec_time DESC LIMIT ${STATEMENTS_MAX}`;
  try {
    const rows = await attempt(() => query(text));
    return rows.map((row) => ({ text: String(row.text), totalSeconds: Number(row.seconds) }));
  } catch {
    // Not preloaded, of an older version, or not for this role.
    return undefined;
  }
}
