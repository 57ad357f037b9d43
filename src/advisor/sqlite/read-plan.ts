/** A plan of SQLite (the lines of EXPLAIN QUERY PLAN). Pure. */
import type { Access } from '../modelled-plan.js';

/** `SCAN o`, `SEARCH o USING INDEX name (a=?)`; older versions write `TABLE orders AS o`. */
const READ =
  /^(SCAN|SEARCH) (?:TABLE )?(\S+)(?: AS (\S+))?(?: USING (AUTOMATIC )?(?:PARTIAL )?(COVERING )?INDEX(?: (\S+))?)?/;

export function accessesOf(lines: readonly string[]): Access[] {
  return lines.flatMap((line): Access[] => {
    const found = READ.exec(line);
    if (found === null) return [];
    const [, verb, table = '', alias = table, automatic, covering, index] = found;
    // An automatic index is made of the whole table, for one run of the statement.
    // So does a SEARCH without any, for a minimum or maximum.
    const hasIndex = index !== undefined || line.includes(' PRIMARY KEY');
    const isWhole = automatic !== undefined || !hasIndex;
    const isWholeIndex = verb === 'SCAN' && covering !== undefined;
    const kind = isWhole ? 'table_scan' : isWholeIndex ? 'whole_index' : 'index_scan';
    return [{ alias: alias.toLowerCase(), kind, index: isWhole ? undefined : (index ?? 'rowid') }];
  });
}

export function isSortedIn(lines: readonly string[]): boolean {
  return lines.some((line) => line.startsWith('USE TEMP B-TREE FOR') && line.includes('ORDER BY'));
}
