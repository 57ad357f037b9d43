/** The log of a collector that has nothing to complain about. */
import { afterEach, expect } from 'vitest';

/**
 * A log that must be empty after each test of the file. It collects: an assertion thrown in it would end
 * in the server that calls it, which answers 500 and goes on.
 */
export function quietLog(): (line: string) => void {
  const lines: string[] = [];
  afterEach(() => {
    expect(lines.splice(0)).toEqual([]);
  });
  return (line) => {
    lines.push(line);
  };
}
