/** How far a report can be believed: hours without data, losses, several services in one. */
import { HTTP_SERVER_REQUEST_DURATION } from '../../shared/metrics.js';
import { chooseGrid } from '../query/choose-level.js';
import { HOUR_MS } from '../statistics/hour-bins.js';
import type { Range } from './calendar.js';
import { wholeHours } from './counted-range.js';
import type { Quality } from './report-model.js';
import type { ReportSource } from './report-source.js';
import { items } from './wording.js';

export async function qualityOf(
  source: ReportSource,
  service: string | undefined,
  period: Range,
): Promise<Quality> {
  const { store, retention, now } = source;
  const range = wholeHours(period);
  // What is not over yet has no gaps.
  const toMs = Math.min(range.toMs, now());
  const grid = chooseGrid({ fromMs: range.fromMs, toMs }, HOUR_MS, retention, now());
  const metric = HTTP_SERVER_REQUEST_DURATION.name;
  const [result, instances, ledger] = await Promise.all([
    store.query({ metric, service, ...grid, group: [], where: [], histogram: false, limit: 1 }),
    store.instances(service),
    store.ledger(service),
  ]);
  const seen = instances.filter(
    ({ firstSeenMs, lastSeenMs }) => firstSeenMs < toMs && lastSeenMs >= range.fromMs,
  );
  const boots = new Set(seen.map(({ agent, boot }) => `${agent} ${boot}`));
  const accounts = ledger.filter(({ agent, boot }) => boots.has(`${agent} ${boot}`));
  const sum = (of: (account: (typeof accounts)[number]) => number): number =>
    accounts.reduce((total, account) => total + of(account), 0);
  const dropped = sum((account) =>
    Object.values(account.dropped).reduce((total, count) => total + count, 0),
  );
  const hours = Math.max(0, Math.round((toMs - range.fromMs) / HOUR_MS));
  const hoursWithData = Math.min(hours, result?.groups[0]?.points.length ?? 0);
  const services = [...new Set(seen.map((instance) => instance.service))].sort();
  const isBalanced = accounts.every(({ balanced }) => balanced);
  const notes: string[] = [];
  const empty = hours - hoursWithData;
  if (period.toMs > now())
    notes.push('It is not over yet; the time that it is compared with is whole.');
  if (empty > 0) {
    notes.push(`${empty} of ${items(hours, 'hour')} ${empty === 1 ? 'has' : 'have'} no requests.`);
  }
  if (dropped > 0) notes.push(`${items(dropped, 'record')} dropped by agents (since their start).`);
  if (!isBalanced) notes.push('The ledger of a process does not add up: something was lost.');
  if (services.length > 1) notes.push('Several services are added up; take one with --service.');
  return {
    hours,
    hoursWithData,
    services,
    processes: seen.length,
    recorded: sum(({ recorded }) => recorded),
    received: sum(({ received }) => received),
    dropped,
    isBalanced,
    notes,
  };
}
