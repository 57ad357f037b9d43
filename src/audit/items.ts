/** How many of something, in the words of a finding. Pure. */

/** `1 script`, `2 scripts`. */
export function items(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}
