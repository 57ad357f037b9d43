/**
 * Looks at a PostgreSQL: plans of statements, indexes they would gain from, and the keeping of its tables. One
 * connection, one transaction a statement, at the pace that is given; nothing of a statement is executed.
 */
import { type AdviceReport, distinctAdvice } from '../advice.js';
import type { AdviseOptions } from '../advise.js';
import { AdvisorError } from '../advisor-error.js';
import type { FindTable } from '../catalogue.js';
import { POSTGRES_SQL } from '../index-sql.js';
import { lookAtAll } from '../look-at-all.js';
import { mergedAdvice } from '../merged-advice.js';
import { chosenStatements, type Statement } from '../statements.js';
import { careOf } from '../table-care.js';
import { createExplain } from './explain.js';
import { findHypothetical, type Hypothetical } from './hypothetical.js';
import { keepingOf } from './keeping.js';
import { lookAtStatement } from './look-at-statement.js';
import { openPostgres, type PostgresSession } from './postgres-session.js';
import { type PostgresTable, readTables } from './read-tables.js';
import { recordedStatements } from './recorded-statements.js';
import { isDenied, isTooSlow, refusalOf } from './refusal.js';
import { type Rights, rightsOf } from './rights.js';

const CATALOGUE_ATTEMPTS = 3;

/** @throws {AdvisorError} when the database cannot be looked at, or not any more */
export async function advisePostgres(dsn: string, options: AdviseOptions): Promise<AdviceReport> {
  const session = await openPostgres(dsn, options.signal);
  try {
    return await reportOn(session, options);
  } finally {
    await session.close();
  }
}

async function reportOn(session: PostgresSession, options: AdviseOptions): Promise<AdviceReport> {
  const { rowsMin, pace } = options;
  const { rights, tables, hypothetical, recorded } = await readCatalogue(session, options);
  const readable = tables.filter(({ isReadable }) => isReadable);
  if (readable.length === 0 && tables.length > 0) throw noRights(session.database);
  const explain = createExplain(pace);
  const find = finderOf(readable);
  const { database } = session;
  const look = { session, explain, hypothetical, find, rowsMin };
  const seen = await lookAtAll({
    system: 'postgresql',
    statements: chosenStatements('postgresql', recorded ?? [], options.limit),
    look: (asked, totalSeconds) => lookAtStatement(look, asked, totalSeconds),
    reasonOf: refusalOf,
    rights: { isDenied, missing: () => noRights(database) },
  });
  const { notes, countedDays } = rights;
  const care = { database, dialect: POSTGRES_SQL, rowsMin, countedDays };
  return {
    system: 'postgresql',
    version: versionText(session.version),
    database,
    method: hypothetical === undefined ? 'estimated' : 'hypothetical',
    advice: distinctAdvice([
      ...mergedAdvice(seen.wanted, database, POSTGRES_SQL),
      ...seen.casts,
      ...careOf(tables, care),
      ...keepingOf(tables, database, rowsMin),
    ]),
    plans: seen.plans,
    skipped: seen.skipped,
    notes: [...notes, ...(hypothetical === undefined ? [WITHOUT_HYPOPG] : [])],
  };
}

interface Catalogue {
  readonly rights: Rights;
  readonly tables: readonly PostgresTable[];
  readonly hypothetical: Hypothetical | undefined;
  /** Undefined where the database has none. */
  readonly recorded: readonly Statement[] | undefined;
}

/** What is read besides plans: as a busy server may take longer than a statement is given, more than once. */
async function readCatalogue(
  session: PostgresSession,
  { mayTryIndexes, statements }: AdviseOptions,
): Promise<Catalogue> {
  for (let left = CATALOGUE_ATTEMPTS; left > 0; left--) {
    try {
      return await session.readOnly(async (transaction) => ({
        rights: await rightsOf(transaction),
        tables: await readTables(transaction),
        hypothetical: mayTryIndexes ? await findHypothetical(transaction) : undefined,
        recorded: statements.length === 0 ? await recordedStatements(transaction) : statements,
      }));
    } catch (error) {
      if (!isTooSlow(error)) throw error;
    }
  }
  throw new AdvisorError(
    `expected to read the catalogue of ${session.database} in a second, got no answer in ${CATALOGUE_ATTEMPTS} ` +
      'attempts: the server is too busy to be asked more.',
  );
}

const WITHOUT_HYPOPG =
  'indexes were estimated from statistics; where the extension hypopg is created (CREATE EXTENSION hypopg) the ' +
  'planner itself tries them';

function finderOf(tables: readonly PostgresTable[]): FindTable {
  const visible = new Map<string, PostgresTable>();
  const all = new Map<string, PostgresTable>();
  for (const table of tables) {
    if (table.shownName === table.name) visible.set(table.name, table);
    all.set(`${table.schema}.${table.name}`, table);
  }
  return (schema, name) => (schema === '' ? visible.get(name) : all.get(`${schema}.${name}`));
}

function noRights(database: string): AdvisorError {
  return new AdvisorError(
    `the role may not read the tables of ${database}, or not any more; nothing more is asked. It needs ` +
      'USAGE on their schemas and SELECT on them, and no other right.',
  );
}

/** 150018 as 15.18. */
function versionText(number: number): string {
  return `${Math.floor(number / 10_000)}.${number % 10_000}`;
}
