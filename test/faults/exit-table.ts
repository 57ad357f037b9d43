/** The exit matrix as Markdown: a row for each end and state of the worker, a column for each collector. Pure. */
import { COLLECTORS, ENDS, WORKERS } from './exit-cell.js';
import type { CellResult } from './exit-matrix.js';

/** A cell says by how many ms the agent delayed the end, or that something is wrong. */
export function exitTable(results: readonly CellResult[]): string {
  const rows = ENDS.flatMap((end) =>
    WORKERS.map((worker) => {
      const cells = COLLECTORS.map((collector) => textOf(results, end, worker, collector));
      return [end, worker, ...cells];
    }),
  );
  const head = ['end', 'worker', ...COLLECTORS.map((state) => `collector ${state}`)];
  const rule = head.map((_, column) => (column < 2 ? '---' : '---:'));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function textOf(results: readonly CellResult[], ...of: readonly string[]): string {
  const [end, worker, collector] = of;
  const found = results.find(
    ({ cell }) => cell.end === end && cell.worker === worker && cell.collector === collector,
  );
  if (found === undefined) return '';
  if (found.complaints.length > 0) return '**wrong**';
  const ms = Math.round(found.addedMs);
  return `${ms < 0 ? '−' : '+'}${Math.abs(ms)} ms`;
}
