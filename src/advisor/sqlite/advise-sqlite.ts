/**
 * Looks at a SQLite file, which it opens to read only: plans of statements in a copy of its schema in memory, where
 * indexes are tried as well; duplicate indexes and foreign keys without one. Synchronous between two statements.
 */
import type { Token } from '../../sql/token.js';
import type { Advice, AdviceReport, QueryPlan, Skipped } from '../advice.js';
import type { AdviseOptions } from '../advise.js';
import type { FindTable } from '../catalogue.js';
import { type Estimated, estimatedLook } from '../estimated-look.js';
import { SQLITE_SQL } from '../index-sql.js';
import { mergedAdvice, type Wanted } from '../merged-advice.js';
import { createStatistics } from '../sampled-statistics.js';
import { type Plannable, plannable } from '../statement/plannable.js';
import { renderStatement } from '../statement/render-statement.js';
import { type TableUse, tableUsesOf } from '../statement/table-uses.js';
import { chosenStatements } from '../statements.js';
import { careOf } from '../table-care.js';
import { loadSqlite, type Sqlite } from './open-sqlite.js';
import { accessesOf, isSortedIn } from './read-plan.js';
import { readTables, type SqliteTable } from './read-tables.js';
import { copySchema, type SchemaCopy } from './schema-copy.js';

/** @throws {AdvisorError} when the file cannot be read */
export async function adviseSqlite(path: string, options: AdviseOptions): Promise<AdviceReport> {
  const driver = await loadSqlite();
  const file = driver.openFile(path);
  try {
    return await look(file, driver.openMemory, path, options);
  } finally {
    file.close();
  }
}

async function look(
  file: Sqlite,
  openMemory: () => Sqlite,
  path: string,
  options: AdviseOptions,
): Promise<AdviceReport> {
  const { rowsMin } = options;
  const database = path.slice(path.lastIndexOf('/') + 1);
  const tables = readTables(file);
  const copy = copySchema(file, openMemory, tables);
  const seen = await lookAtAll({ file, copy, tables, database }, options);
  const [about] = file.all('SELECT sqlite_version() AS version');
  const care = { database, dialect: SQLITE_SQL, rowsMin, countedDays: undefined };
  return {
    system: 'sqlite',
    version: String(about!.version),
    database,
    method: 'hypothetical',
    advice: [
      ...mergedAdvice(seen.wanted, database, SQLITE_SQL),
      ...seen.casts,
      ...careOf(tables, care),
    ],
    plans: seen.plans,
    skipped: seen.skipped,
    notes: ['indexes were tried in a copy of the schema, with counts from samples of rows'],
  };
}

interface Place {
  readonly file: Sqlite;
  readonly copy: SchemaCopy;
  readonly tables: readonly SqliteTable[];
  readonly database: string;
}

interface SeenAll {
  readonly plans: readonly QueryPlan[];
  readonly skipped: readonly Skipped[];
  readonly wanted: readonly Wanted[];
  readonly casts: readonly Advice[];
}

async function lookAtAll(
  place: Place,
  { statements, limit, rowsMin, pace }: AdviseOptions,
): Promise<SeenAll> {
  const plans: QueryPlan[] = [];
  const skipped: Skipped[] = [];
  const wanted: Wanted[] = [];
  const casts: Advice[] = [];
  const byName = new Map(place.tables.map((table) => [table.name, table]));
  const find: FindTable = (schema, name) =>
    /^(?:main)?$/.test(schema) ? byName.get(name) : undefined;
  const withStatistics = statisticsOf(place.file, byName);
  for (const { text, totalSeconds } of chosenStatements('sqlite', statements, limit)) {
    const asked = plannable('sqlite', text);
    if (asked.kind === 'refused') {
      skipped.push({ text: asked.text, reason: asked.reason });
      continue;
    }
    await pace();
    try {
      const seen = await lookAt(place, asked, { find, withStatistics, totalSeconds, rowsMin });
      plans.push(seen.plan);
      wanted.push(...seen.wanted);
      casts.push(...seen.casts);
    } catch {
      // The message may quote what was meant as a value.
      const reason = 'names what this database does not have, or cannot be read without its values';
      skipped.push({ text: asked.text, reason });
    }
  }
  return { plans, skipped, wanted, casts };
}

interface LookOptions {
  readonly find: FindTable;
  readonly withStatistics: (use: TableUse) => Promise<TableUse>;
  readonly totalSeconds: number;
  readonly rowsMin: number;
}

async function lookAt(
  { copy, database }: Place,
  { text, tokens }: Plannable,
  { find, withStatistics, totalSeconds, rowsMin }: LookOptions,
): Promise<Estimated> {
  const sql = renderStatement(
    tokens,
    () => '?',
    (value, type) => `${type} ${value}`,
  );
  const lines = copy.plan(sql);
  const uses: TableUse[] = [];
  for (const use of tableUsesOf(tokens.map(inLowerCase), find)) {
    uses.push(use.table.rows < rowsMin ? use : await withStatistics(use));
  }
  return estimatedLook({
    ...{ text, totalSeconds, database, rowsMin, uses },
    accesses: accessesOf(lines),
    isSorted: isSortedIn(lines),
    wouldUse: async (candidates) => copy.usedBy(sql, candidates),
  });
}

function statisticsOf(
  file: Sqlite,
  byName: ReadonlyMap<string, SqliteTable>,
): (use: TableUse) => Promise<TableUse> {
  return createStatistics({
    take: async (sql) => file.all(sql)[0],
    quote: '"',
    orderOf: ({ name }) => (byName.get(name)?.hasRowid === false ? [] : ['rowid']),
  });
}

/** Names are the same in any case, quoted or not. */
function inLowerCase(token: Token): Token {
  return token.kind === 'name' ? { ...token, text: token.text.toLowerCase() } : token;
}
