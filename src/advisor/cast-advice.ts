/**
 * Comparisons with an expression of a column, in statements that read the table whole: an index on the column
 * does not serve them as they are written. Pure.
 */
import { type Advice, adviceOf } from './advice.js';
import type { TableUse } from './statement/table-uses.js';
import { count } from './table-care.js';

const TEXTS = /^(?:text|varchar|character varying|character|bpchar)/;
/** The same to the planner as the bare column. */
const TEXT_CAST = /::\s*(?:text|varchar|character varying)$/i;

/** @param isReadWhole whether the plan reads the table of that name from end to end */
export function castAdvice(
  uses: readonly TableUse[],
  isReadWhole: (table: string) => boolean,
  options: { readonly text: string; readonly database: string; readonly rowsMin: number },
): Advice[] {
  const { text, database, rowsMin } = options;
  return uses.flatMap(({ table, wrapped, equals }) => {
    if (table.rows < rowsMin || !isReadWhole(table.name) || equals.size > 0) return [];
    return wrapped.flatMap(({ column, expression }) => {
      const { type = '', name = column } = table.columns.get(column) ?? {};
      if (TEXTS.test(type) && TEXT_CAST.test(expression)) return [];
      const index = table.indexes.find(
        ({ columns, isOrdinary }) => isOrdinary && columns[0] === column,
      );
      const advice = adviceOf(
        {
          kind: 'cast',
          database,
          table: table.shownName,
          query: text,
          ddl: null,
          gain: null,
          confidence: index === undefined ? 'medium' : 'high',
          evidence: [
            `${expression} is computed for about ${count(table.rows)} rows, the table is read whole`,
            index === undefined
              ? `no index on ${name} could help as it is written`
              : `${index.name} (${index.columns.join(', ')}) is there, and cannot be used`,
            `compare ${name} itself (a range for a date, a value of its own type), or index the expression`,
          ],
          writeCost: null,
        },
        `${text} ${expression}`,
      );
      return [advice];
    });
  });
}
