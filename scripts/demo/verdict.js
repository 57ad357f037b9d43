/** What the demo says at its end: tables for people, and whether everything added up. */

/**
 * The ledger of each process, and what is wrong with it.
 * @param {readonly {
 *   agent: string, service: string, recorded: number, received: number, pending: number,
 *   dropped: Record<string, number>, balanced: boolean, unaccounted: number }[]} processes
 */
export function ledgerReport(processes) {
  const problems = processes.length === 0 ? ['no process has a ledger'] : [];
  const rows = processes.map((process) => {
    const dropped = Object.values(process.dropped).reduce((sum, count) => sum + count, 0);
    if (!process.balanced) {
      problems.push(`the ledger of ${process.agent} does not balance by ${process.unaccounted}`);
    }
    if (dropped > 0) problems.push(`${process.agent} dropped ${dropped} records`);
    const { agent, service, recorded, received, pending } = process;
    return [service, agent, ...[recorded, received, dropped, pending].map(String)];
  });
  const head = ['service', 'process', 'recorded', '= received', '+ dropped', '+ pending'];
  return { text: table(head, rows, 2), problems };
}

/** @param {readonly import('./compare-counts.js').Row[]} rows */
export function countsReport(rows) {
  const different = rows.filter(({ sent, recorded }) => sent !== recorded);
  const problems = different.map(
    ({ method, route, outcome, sent, recorded }) =>
      `${method} ${route} ${outcome}: ${sent} sent, ${recorded} recorded`,
  );
  if (rows.length === 0) problems.push('no request was sent');
  const cells = rows.map(({ method, route, outcome, sent, recorded }) => [
    `${method} ${route}`,
    outcome,
    String(sent),
    String(recorded),
    sent === recorded ? '' : '≠',
  ]);
  return { text: table(['route', 'outcome', 'sent', 'recorded', ''], cells, 2), problems };
}

/**
 * @param {readonly string[]} head
 * @param {readonly (readonly string[])[]} rows
 * @param {number} textColumns Columns that are aligned to the left; the others hold numbers.
 */
function table(head, rows, textColumns) {
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => row[i]?.length ?? 0)));
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, i) =>
          i < textColumns ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
