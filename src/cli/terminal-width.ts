/** How wide the output may be. */

/**
 * Columns of the terminal; `without` where there is none, and where one says that it has none, as some do.
 * @param most wider than that no text is read well
 */
export function terminalWidth(without: number, most: number = Number.POSITIVE_INFINITY): number {
  return Math.min(most, process.stdout.columns || without);
}
