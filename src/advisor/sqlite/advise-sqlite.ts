/**
 * Looks at a SQLite file, which it opens to read only: plans of statements in a copy of its schema in memory, where
 * indexes are tried as well; duplicate indexes and foreign keys without one. Synchronous between two statements.
 */
import type { Token } from '../../sql/token.js';
import { type AdviceReport, distinctAdvice } from '../advice.js';
import type { AdviseOptions } from '../advise.js';
import type { FindTable } from '../catalogue.js';
import { estimatedLook } from '../estimated-look.js';
import { SQLITE_SQL } from '../index-sql.js';
import { lookAtAll, type Seen } from '../look-at-all.js';
import { mergedAdvice } from '../merged-advice.js';
import { createStatistics } from '../sampled-statistics.js';
import type { Plannable } from '../statement/plannable.js';
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
  const byName = new Map(tables.map((table) => [table.name, table]));
  const find: FindTable = (schema, name) =>
    /^(?:main)?$/.test(schema) ? byName.get(name) : undefined;
  const withStatistics = statisticsOf(file, byName);
  const seen = await lookAtAll({
    system: 'sqlite',
    statements: chosenStatements('sqlite', options.statements, options.limit),
    async look(asked, totalSeconds) {
      await options.pace();
      const about = { find, withStatistics, totalSeconds, rowsMin };
      return await lookAt({ copy, database }, asked, about);
    },
    reasonOf: () => 'names what this database does not have, or cannot be read without its values',
  });
  const [about] = file.all('SELECT sqlite_version() AS version');
  const care = { database, dialect: SQLITE_SQL, rowsMin, countedDays: undefined };
  return {
    system: 'sqlite',
    version: String(about!.version),
    database,
    method: 'hypothetical',
    advice: distinctAdvice([
      ...mergedAdvice(seen.wanted, database, SQLITE_SQL),
      ...seen.casts,
      ...careOf(tables, care),
    ]),
    plans: seen.plans,
    skipped: seen.skipped,
    notes: ['indexes were tried in a copy of the schema, with counts from samples of rows'],
  };
}

interface Place {
  readonly copy: SchemaCopy;
  readonly database: string;
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
): Promise<Seen> {
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
