/**
 * Looks at a MySQL or MariaDB: how statements read their tables, and indexes they would gain from, as estimated;
 * duplicate and unused indexes. One connection, a read-only transaction each; nothing of a statement is executed.
 */
import type { Token } from '../../sql/token.js';
import { type AdviceReport, distinctAdvice } from '../advice.js';
import type { AdviseOptions } from '../advise.js';
import { AdvisorError } from '../advisor-error.js';
import type { FindTable, Table } from '../catalogue.js';
import { estimatedLook } from '../estimated-look.js';
import { MYSQL_SQL } from '../index-sql.js';
import { lookAtAll, type Seen } from '../look-at-all.js';
import { mergedAdvice } from '../merged-advice.js';
import { quoteName } from '../quote-name.js';
import { createStatistics } from '../sampled-statistics.js';
import type { Plannable } from '../statement/plannable.js';
import { type TableUse, tableUsesOf } from '../statement/table-uses.js';
import { chosenStatements } from '../statements.js';
import { careOf } from '../table-care.js';
import { codeOf, type MysqlSession, openMysql } from './mysql-session.js';
import { sqlWithValues } from './placed-values.js';
import { readPlan } from './read-plan.js';
import { readTables } from './read-tables.js';

const TOO_LONG = 'took more than a second to plan, or waited as long for a lock';
const REASONS: Readonly<Record<string, string>> = {
  ER_NO_SUCH_TABLE: 'names a table that this database does not have',
  ER_BAD_FIELD_ERROR: 'names a column that this database does not have',
  ER_TABLEACCESS_DENIED_ERROR: 'the user may not read a table of it: GRANT SELECT',
  ER_COLUMNACCESS_DENIED_ERROR: 'the user may not read a column of it: GRANT SELECT',
  ER_PARSE_ERROR: 'cannot be read without its values',
  ER_STATEMENT_TIMEOUT: TOO_LONG,
  ER_QUERY_TIMEOUT: TOO_LONG,
  ER_LOCK_WAIT_TIMEOUT: TOO_LONG,
  ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION: 'would write while it is planned',
};
const DENIED = /ACCESS_DENIED/;
const COUNTED_DAYS_MIN = 7;

/** @throws {AdvisorError} when the database cannot be looked at, or not any more */
export async function adviseMysql(dsn: string, options: AdviseOptions): Promise<AdviceReport> {
  const session = await openMysql(dsn, options.signal);
  try {
    return await look(session, options);
  } finally {
    await session.close();
  }
}

async function look(session: MysqlSession, options: AdviseOptions): Promise<AdviceReport> {
  const { system, version, database } = session;
  const { rowsMin } = options;
  const tables = await readTables(session);
  if (tables.length === 0) throw noRights(database);
  const find = finderOf(tables, database);
  const withStatistics = statisticsOf(session);
  const seen = await lookAtAll({
    system,
    statements: chosenStatements(system, options.statements, options.limit),
    async look(asked, totalSeconds) {
      await options.pace();
      const about = { totalSeconds, database, rowsMin };
      return await lookAt(session, asked, find, withStatistics, about);
    },
    reasonOf,
    rights: { isDenied: (error) => DENIED.test(codeOf(error)), missing: () => noRights(database) },
  });
  const countedDays = await countedDaysOf(session);
  const care = { database, dialect: MYSQL_SQL, rowsMin, countedDays };
  return {
    system,
    version,
    database,
    method: 'estimated',
    advice: distinctAdvice([
      ...mergedAdvice(seen.wanted, database, MYSQL_SQL),
      ...seen.casts,
      ...careOf(tables, care),
    ]),
    plans: seen.plans,
    skipped: seen.skipped,
    notes: ['indexes were estimated from counts in samples of rows; this database cannot try them'],
  };
}

function reasonOf(error: unknown): string {
  const code = codeOf(error);
  return REASONS[code] ?? `was refused by the database (${code || 'without a code'})`;
}

async function lookAt(
  session: MysqlSession,
  { text, tokens }: Plannable,
  find: FindTable,
  withStatistics: (use: TableUse) => Promise<TableUse>,
  about: { readonly totalSeconds: number; readonly database: string; readonly rowsMin: number },
): Promise<Seen> {
  const bare = tableUsesOf(tokens.map(inLowerCase), find);
  const sql = sqlWithValues(
    tokens,
    bare.map(({ table }) => table),
  );
  const [row] = await session.readOnly(`EXPLAIN FORMAT=JSON ${sql}`);
  const { accesses, isSorted } = readPlan(JSON.parse(String(Object.values(row!)[0])));
  const uses: TableUse[] = [];
  for (const use of bare) {
    uses.push(use.table.rows < about.rowsMin ? use : await withStatistics(use));
  }
  return estimatedLook({ text, ...about, accesses, isSorted, uses });
}

function statisticsOf(session: MysqlSession): (use: TableUse) => Promise<TableUse> {
  return createStatistics({
    // A sample that takes too long, or may not be taken, says nothing.
    take: (sql) =>
      session.readOnly(sql).then(
        ([row]) => row,
        (error: unknown) => {
          if (error instanceof AdvisorError) throw error;
          return undefined;
        },
      ),
    quote: '`',
    orderOf: ({ indexes, columns }) => {
      const primary = indexes.find(({ name }) => name === 'PRIMARY');
      const names = primary?.columns.map((name) => columns.get(name)?.name ?? '') ?? [];
      return names.includes('') ? [] : names.map((name) => quoteName(name, '`'));
    },
  });
}

/** Names of columns are the same in any case, quoted or not. */
function inLowerCase(token: Token): Token {
  return token.kind === 'name' ? { ...token, text: token.text.toLowerCase() } : token;
}

function finderOf(tables: readonly Table[], database: string): FindTable {
  const byName = new Map(tables.map((table) => [table.name, table]));
  return (schema, name) =>
    schema === '' || schema === database.toLowerCase() ? byName.get(name) : undefined;
}

async function countedDaysOf(session: MysqlSession): Promise<number | undefined> {
  const [row] = await session.readOnly("SHOW GLOBAL STATUS LIKE 'Uptime'");
  const days = Number(row?.Value ?? 0) / 86_400;
  return days >= COUNTED_DAYS_MIN ? days : undefined;
}

function noRights(database: string): AdvisorError {
  return new AdvisorError(
    `the user may not read the tables of ${database}, or not any more; nothing more is asked. It needs SELECT on ` +
      'them, and no other right.',
  );
}
