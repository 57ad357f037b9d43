/**
 * How the databases differ in quoting and comments, as far as the lexer has to know. Runs in the
 * agent's worker. Each is taken with its default settings; what is doubtful becomes a `?`.
 */

export interface Dialect {
  /** Backslash escapes in every string (MySQL); elsewhere only in E'…' of PostgreSQL. */
  readonly hasBackslash: boolean;
  readonly hasEscapeStrings: boolean;
  /** What "…" is. SQLite takes an unknown name for a string. */
  readonly doubleQuoted: 'name' | 'string' | 'either';
  /** [name] */
  readonly hasBracketNames: boolean;
  readonly hasDollarQuotes: boolean;
  readonly hasNestedComments: boolean;
  /** `# …` to the end of the line, and `--` only before a blank. */
  readonly hasHashComments: boolean;
  /** `#name` is a table. */
  readonly hasHashNames: boolean;
  /** Names without quotes are in lower case to the server, whatever their case. */
  readonly foldsNames: boolean;
  /** `:name`, `@name` and `$name` are parameters. */
  readonly hasNamedParameters: boolean;
}

const STANDARD: Dialect = {
  hasBackslash: false,
  hasEscapeStrings: false,
  doubleQuoted: 'name',
  hasBracketNames: false,
  hasDollarQuotes: false,
  hasNestedComments: false,
  hasHashComments: false,
  hasHashNames: false,
  foldsNames: false,
  hasNamedParameters: true,
};

const POSTGRESQL: Dialect = {
  ...STANDARD,
  hasEscapeStrings: true,
  hasDollarQuotes: true,
  hasNestedComments: true,
  foldsNames: true,
  hasNamedParameters: false,
};

const MYSQL: Dialect = {
  ...STANDARD,
  hasBackslash: true,
  doubleQuoted: 'string',
  hasHashComments: true,
};

const SQLITE: Dialect = { ...STANDARD, doubleQuoted: 'either', hasBracketNames: true };

const SQL_SERVER: Dialect = {
  ...STANDARD,
  hasBracketNames: true,
  hasNestedComments: true,
  hasHashNames: true,
};

const DIALECTS: Readonly<Record<string, Dialect>> = {
  postgresql: POSTGRESQL,
  mysql: MYSQL,
  mariadb: MYSQL,
  sqlite: SQLITE,
  'microsoft.sql_server': SQL_SERVER,
};

/** By `db.system.name` of OpenTelemetry; undefined for what is no SQL. */
export function dialectOf(system: string): Dialect | undefined {
  return Object.hasOwn(DIALECTS, system) ? DIALECTS[system] : undefined;
}
