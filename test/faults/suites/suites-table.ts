/** The comparison of suites as Markdown: a row for each, columns for each version of Node.js. Pure. */
import type { Comparison } from './suite-compare.js';
import type { Suite } from './suite-table.js';

export interface SuiteResult {
  readonly suite: Suite;
  /** Of Node.js, as the binary says it. */
  readonly version: string;
  readonly comparison: Comparison;
  /** Processes under the agent that the collector heard of. */
  readonly processes: number;
}

/** A cell says: tests that came out the same, and what did not. */
export function suitesTable(results: readonly SuiteResult[]): string {
  const versions = [...new Set(results.map(({ version }) => version))];
  const suites = [...new Set(results.map(({ suite }) => suite))];
  const head = ['package', 'exercises', ...versions.map((version) => `Node.js ${version}`)];
  const rows = suites.map((suite) => [
    `${suite.name} ${suite.version}`,
    suite.exercises,
    ...versions.map((version) => cellOf(results, suite, version)),
  ]);
  return [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

function cellOf(results: readonly SuiteResult[], suite: Suite, version: string): string {
  const found = results.find((result) => result.suite === suite && result.version === version);
  if (found === undefined) return '—';
  const { tests, same, failing, flaky, ofAnyPreload, different } = found.comparison;
  const parts = [`${same} of ${tests} the same`];
  if (failing > 0) parts.push(`${failing} of them failing`);
  if (flaky.length > 0) parts.push(`${flaky.length} by chance`);
  if (ofAnyPreload.length > 0) parts.push(`${ofAnyPreload.length} as with any preload`);
  if (different.length > 0) parts.push(`**${different.length} different**`);
  return parts.join(', ');
}
