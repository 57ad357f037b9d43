/** How many of something, in words. Pure. */

/** `1 file`, `2 files`. */
export function formatItems(count: number, one: string, many: string = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
