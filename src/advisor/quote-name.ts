/** Names of tables and columns as DDL has them: bare where that means the same, else in quotes. Pure. */

/** Reserved in PostgreSQL, MySQL or SQLite. */
const RESERVED: ReadonlySet<string> = new Set(
  `all analyse analyze and any array as asc asymmetric between both by case cast change check collate column
  condition constraint create cross current current_date current_time current_timestamp current_user database default
  deferrable delete desc distinct do drop else end except exists false fetch for foreign freeze from full function
  grant group groups having if ilike in index initially inner insert interval into is isnull join key keys lateral
  leading left like limit localtime localtimestamp lock match natural not notnull null offset on only option or order
  outer over overlaps partition placing primary range rank read references release rename repeat replace returning
  right row rows schema select session_user set show similar some system table tablesample then to trailing
  transaction trigger true union unique update usage use user using values variadic verbose when where window
  with write`.split(/\s+/),
);
const BARE = /^[a-z_][a-z0-9_]*$/;

/** @param quote `"`, or of MySQL a backtick */
export function quoteName(name: string, quote: '"' | '`' = '"'): string {
  if (BARE.test(name) && !RESERVED.has(name)) return name;
  return quote + name.replaceAll(quote, quote + quote) + quote;
}
