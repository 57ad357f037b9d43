/** The order of a table's rows. Pure. */

export type Value = string | number | null;

/** The column that a text such as `-total` names, and the direction; none for an unknown one. */
export function sortOrder<Column extends { readonly key: string }>(
  text: string,
  columns: readonly Column[],
): { readonly column: Column | undefined; readonly isDescending: boolean } {
  const isDescending = text.startsWith('-');
  const key = isDescending ? text.slice(1) : text;
  return { column: columns.find((column) => column.key === key), isDescending };
}

/** What is not known comes last, either way. */
export function compareValues(a: Value, b: Value, isDescending: boolean): number {
  const isMissing = (value: Value): boolean => value === null || Number.isNaN(value);
  if (isMissing(a) || isMissing(b)) return Number(isMissing(a)) - Number(isMissing(b));
  const order =
    typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b));
  return isDescending ? -order : order;
}
