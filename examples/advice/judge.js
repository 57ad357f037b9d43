/** What was advised for a statement, against the indexes that are known to help it. */

/** A statement is quicker when it takes at most this share of its time, or is too quick to be told. */
const FASTER = 0.5;

/**
 * @param helps by table the first columns that are right
 * @param advised indexes: `{ table, columns }`
 */
export function judge(helps, advised) {
  const isRight = ({ table, columns }) => helps[table]?.includes(columns[0]) ?? false;
  const right = advised.filter(isRight);
  const wrong = advised.filter((one) => !isRight(one));
  const missed = Object.keys(helps).filter((table) => !right.some((one) => one.table === table));
  return { right: right.length, wrong: wrong.length, missed: missed.length, missedTables: missed };
}

export function verdictText({ right, wrong, missed, missedTables }) {
  if (wrong > 0) return 'WRONG';
  if (missed > 0) return right > 0 ? `misses ${missedTables}` : 'MISSED';
  return right > 0 ? 'right' : 'right: none';
}

/** Of all statements: precision and recall of indexes, and how many statements really were faster. */
export function summaryOf(rows) {
  const sum = (key) => rows.reduce((all, { verdict }) => all + verdict[key], 0);
  const [right, wrong, missed] = [sum('right'), sum('wrong'), sum('missed')];
  const created = rows.filter(({ after }) => after !== undefined);
  const faster = created.filter(({ before, after }) => after.ms <= before.ms * FASTER);
  return {
    statements: rows.length,
    withoutHelp: rows.filter(({ helps }) => Object.keys(helps).length === 0).length,
    precision: right + wrong === 0 ? 1 : right / (right + wrong),
    recall: right + missed === 0 ? 1 : right / (right + missed),
    right,
    wrong,
    missed,
    created: created.length,
    faster: faster.length,
  };
}

export function summaryText(summary) {
  const { statements, withoutHelp, precision, recall, right, wrong, missed, created, faster } =
    summary;
  return (
    `${statements} statements, ${withoutHelp} that no index helps: ${right} indexes right, ${wrong} wrong, ${missed} missed; ` +
    `precision ${precision.toFixed(2)}, recall ${recall.toFixed(2)}; at least twice as fast after creating them: ${faster} of ${created}`
  );
}
