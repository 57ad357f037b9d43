/** Outages as Markdown: a column for each, a row for each bound with what was measured of it. Pure. */
import { formatBytes, formatDuration } from '../../src/shared/quantities.js';
import { MEMORY_BYTES_MAX } from '../../src/transport/backlog.js';
import { EXTERNAL_BYTES_MAX, FILES_MAX, growthOf } from './outage-judge.js';
import type { Outage, Outlook } from './outage-run.js';

const MIB = 1024 * 1024;

type Cell = (outage: Outage) => string;

const ROWS: readonly (readonly [name: string, cell: Cell])[] = [
  ['outage, by the agent’s clock', ({ over }) => hours(over.passedMs)],
  ['windows', ({ over }) => count(over.windows)],
  ['records of the application', ({ over }) => count(over.offered)],
  ['ring (fixed)', ({ over }) => mib(over.ringBytes)],
  ['refused by the ring', ({ over }) => count(over.refusedByRing)],
  ['heap of the worker, peak', ({ over }) => of(over.highest.heapBytes, over.heapBytesMax)],
  [
    'its external memory, peak (queue in memory included)',
    ({ over }) => of(over.highest.externalBytes, EXTERNAL_BYTES_MAX),
  ],
  ['resident memory of the process, peak', ({ over }) => mib(over.highest.rssBytes)],
  ['of that before the agent', ({ over }) => mib(over.bareRssBytes)],
  ['its growth a day, with the 95 % interval', growthText],
  ['spool, peak', ({ over, terms }) => of(over.highest.spoolBytes, terms.spoolBytesMax)],
  ['files in it, peak', ({ over }) => `${count(over.highest.files)} of ${count(FILES_MAX)}`],
  ['dropped during the outage, and counted', ({ over }) => droppedText(over)],
  ['the oldest that waited', ({ over }) => (over.oldestAgeMs > 0 ? hours(over.oldestAgeMs) : '—')],
  ['delivered after the return', ({ over, end }) => count(end.delivered - over.delivered)],
  ['the collector’s ledger', ledgerText],
];

export function outageTable(outages: readonly Outage[]): string {
  const head = ['', ...outages.map(({ terms }) => titleOf(terms))];
  const rule = head.map((_, column) => (column === 0 ? '---' : '---:'));
  const rows = ROWS.map(([name, cell]) => [name, ...outages.map(cell)]);
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

export function titleOf({ spoolBytesMax, ageMaxMs }: Outage['terms']): string {
  if (spoolBytesMax === 0) return `no spool, ${mib(MEMORY_BYTES_MAX)} of memory`;
  return `spool of ${formatBytes(spoolBytesMax)}, ${formatDuration(ageMaxMs)}`;
}

function growthText(outage: Outage): string {
  const growth = growthOf(outage);
  if (growth === undefined) return '—';
  const { bytesPerDay, low, high } = growth;
  return `${mib(bytesPerDay)} (${mib(low)} to ${mib(high)})`;
}

function droppedText({ dropped }: Outlook): string {
  const losses = Object.entries(dropped).filter(([, records]) => records > 0);
  return losses.map(([reason, records]) => `${count(records)} ${reason}`).join(', ') || 'none';
}

function ledgerText({ accounts }: Outage): string {
  const [account] = accounts;
  if (account === undefined) return '**missing**';
  return account.balanced ? 'adds up' : `**${count(account.unaccounted)} unaccounted**`;
}

function of(measured: number, max: number): string {
  return `${mib(measured)} of ${mib(max)}`;
}

function mib(bytes: number): string {
  const text = (Math.abs(bytes) / MIB).toFixed(1);
  return `${bytes < 0 && text !== '0.0' ? '−' : ''}${text} MiB`;
}

function hours(ms: number): string {
  return `${(ms / 3_600_000).toFixed(1)} h`;
}

function count(records: number): string {
  return records.toLocaleString('en-US');
}
