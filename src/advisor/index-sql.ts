/** DDL for indexes, in each database's own words, such that it disturbs a running application least. Pure. */
import type { Table } from './catalogue.js';
import { quoteName } from './quote-name.js';

export interface SqlDialect {
  readonly createIndex: (table: Table, columns: readonly string[]) => string;
  readonly dropIndex: (table: Table, index: string) => string;
}

/** Without a name PostgreSQL finds one that is free. CONCURRENTLY lets writers go on meanwhile. */
export const POSTGRES_SQL: SqlDialect = {
  createIndex: ({ sqlName }, columns) =>
    `CREATE INDEX CONCURRENTLY ON ${sqlName} (${columns.map((name) => quoteName(name)).join(', ')});`,
  dropIndex: ({ schema, sqlName }, index) => {
    const prefix = `${quoteName(schema)}.`;
    const ofSchema = sqlName.startsWith(prefix) ? prefix : '';
    return `DROP INDEX CONCURRENTLY ${ofSchema}${quoteName(index)};`;
  },
};

/** InnoDB builds and drops indexes while others write, by default. */
export const MYSQL_SQL: SqlDialect = {
  createIndex: (table, columns) =>
    `CREATE INDEX ${quoteName(nameOf(table, columns), '`')} ON ${table.sqlName} ` +
    `(${columns.map((name) => quoteName(name, '`')).join(', ')});`,
  dropIndex: ({ sqlName }, index) => `DROP INDEX ${quoteName(index, '`')} ON ${sqlName};`,
};

export const SQLITE_SQL: SqlDialect = {
  createIndex: (table, columns) =>
    `CREATE INDEX ${quoteName(nameOf(table, columns))} ON ${table.sqlName} ` +
    `(${columns.map((name) => quoteName(name)).join(', ')});`,
  dropIndex: (_table, index) => `DROP INDEX ${quoteName(index)};`,
};

export function indexSql(table: Table, keys: readonly string[], dialect: SqlDialect): string {
  const columns = keys.map((key) => table.columns.get(key)?.name ?? key);
  return dialect.createIndex(table, columns);
}

/** MySQL allows 64 characters. */
const NAME_LENGTH_MAX = 60;

function nameOf({ shownName: name }: Table, columns: readonly string[]): string {
  return `${name}_${columns.join('_')}_idx`.slice(0, NAME_LENGTH_MAX);
}
