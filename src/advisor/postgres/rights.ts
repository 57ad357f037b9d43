/** What the advisor's role may do, and for how long statistics were counted. */
import type { ReadOnly } from './postgres-session.js';

export interface Rights {
  /** What is wider than it has to be. */
  readonly notes: readonly string[];
  /** Since statistics of use were reset, or the server began; undefined while that is too short. */
  readonly countedDays: number | undefined;
}

/** An index that is not read in a week, a month's end apart, is not needed. */
const COUNTED_DAYS_MIN = 7;

const RIGHTS = `
SELECT r.rolsuper AS super, pg_is_in_recovery() AS replica,
  EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p')
    AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
    AND has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')) AS writes,
  extract(epoch FROM now() - greatest(d.stats_reset, pg_postmaster_start_time()))::float8 / 86400 AS days
FROM pg_roles r, pg_stat_database d WHERE r.rolname = current_user AND d.datname = current_database()`;

export async function rightsOf({ query }: ReadOnly): Promise<Rights> {
  const [row] = await query(RIGHTS);
  const notes: string[] = [];
  if (row?.super === true) {
    notes.push('the role is a superuser; one with SELECT alone is enough, and safer');
  } else if (row?.writes === true) {
    notes.push('the role may write to tables; one with SELECT alone is enough, and safer');
  }
  const days = Number(row?.days ?? 0);
  const countedDays = days >= COUNTED_DAYS_MIN ? days : undefined;
  if (countedDays === undefined) {
    notes.push(
      `use of indexes was counted for ${days.toFixed(1)} days; from ${COUNTED_DAYS_MIN} days on unused ones are told`,
    );
  }
  return { notes, countedDays };
}
