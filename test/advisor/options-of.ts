/** What a run of the advisor is told, for tests: statements, no waiting, everything allowed. */
import type { AdviseOptions } from '../../src/advisor/advise.js';

export function optionsOf(
  statements: readonly string[],
  more: Partial<AdviseOptions> = {},
): AdviseOptions {
  return {
    statements: statements.map((text) => ({ text, totalSeconds: 1 })),
    limit: 100,
    rowsMin: 10_000,
    pace: async () => {},
    mayTryIndexes: true,
    ...more,
  };
}
