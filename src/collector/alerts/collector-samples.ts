/** Samples of what only the collector knows: who is silent, what agents lost, and its own disk. */
import { statfs } from 'node:fs/promises';
import type { Sample } from '../../alerts/sample.js';
import { isOfBrowsers } from '../../shared/beacon-source.js';
import type { ProcessAccount } from '../query/ledger.js';
import { type Instance, LASTING_MS_MIN } from '../query/listings.js';

export const SILENCE_METRIC = 'silent_service';
/** Of fewer, too, an end is nothing to wonder at. */
const BATCHES_MIN = 10;
/** Whoever was silent for a day is gone, not ill. */
export const SILENT_MS_MAX = 86_400_000;
/** Processes whose drops are compared; of more, those seen last. */
const PROCESSES_MAX = 2000;
const RECENT_MS = 600_000;

/** When this collector could hear, and what of it counts. */
export interface Listening {
  /** Before it nobody could be heard. */
  readonly startedMs: number;
  readonly nowMs: number;
  /** For how long a service may be silent. */
  readonly limitMs: number;
}

/**
 * Of each service, for how long nothing came of any process. Nothing is said of one that was not heard yet, may have been
 * silent for too long, and may not: an alert from before the start is neither over nor new.
 */
export function silenceSamples(
  instances: readonly Instance[],
  accounts: readonly ProcessAccount[],
  { startedMs, nowMs, limitMs }: Listening,
): Sample[] {
  const lastMs = new Map<string, number>();
  for (const { service, resource, lastSeenMs } of instances) {
    // Nobody looks at pages by night, and open pages go on when their server is gone.
    if (isOfBrowsers(resource)) continue;
    lastMs.set(service, Math.max(lastMs.get(service) ?? 0, lastSeenMs));
  }
  return [...lastingServices(instances, accounts).keys()].flatMap((service) => {
    const heardMs = lastMs.get(service)!;
    const listenedMs = Math.max(heardMs, startedMs);
    const isOpen = nowMs - heardMs > limitMs && nowMs - listenedMs <= limitMs;
    return isOpen ? [] : silenceOf(service, heardMs, listenedMs, nowMs);
  });
}

/** Services that a process of some life belonged to, and since when that was so. */
export function lastingServices(
  instances: readonly Instance[],
  accounts: readonly ProcessAccount[],
): ReadonlyMap<string, number> {
  const lasting = new Map<string, number>();
  const batches = new Map(accounts.map((one) => [`${one.agent} ${one.boot}`, one.batches]));
  for (const { agent, boot, service, resource, firstSeenMs, lastSeenMs } of instances) {
    if (isOfBrowsers(resource)) continue;
    const sent = batches.get(`${agent} ${boot}`) ?? 0;
    if (lastSeenMs - firstSeenMs < LASTING_MS_MIN || sent < BATCHES_MIN) continue;
    const sinceMs = firstSeenMs + LASTING_MS_MIN;
    lasting.set(service, Math.min(lasting.get(service) ?? sinceMs, sinceMs));
  }
  return lasting;
}

/** None of who is gone, not ill. */
export function silenceOf(
  service: string,
  heardMs: number,
  listenedMs: number,
  nowMs: number,
): Sample[] {
  if (nowMs - heardMs > SILENT_MS_MAX) return [];
  const value = Math.max(0, nowMs - listenedMs) / 1000;
  const own = { metric: SILENCE_METRIC, service, attributes: {} };
  return [{ ...own, value, count: null, timeMs: nowMs }];
}

/** By process that dropped anything, how much. */
export type Drops = Readonly<Record<string, number>>;

/**
 * Of each service, what its processes dropped since `before`; at the first look of all, when `before` is
 * undefined, nothing is new.
 */
export function dropSamples(
  accounts: readonly ProcessAccount[],
  before: Drops | undefined,
  nowMs: number,
): { readonly samples: Sample[]; readonly drops: Drops } {
  const drops: Record<string, number> = {};
  const news = new Map<string, number>();
  for (const { agent, boot, service, dropped, lastSeenMs } of accounts.slice(0, PROCESSES_MAX)) {
    const key = `${agent} ${boot}`;
    const total = Object.values(dropped).reduce((sum, count) => sum + count, 0);
    const known = before === undefined ? total : (before[key] ?? 0);
    // Of those that are away, too: what they had dropped is no news when they are back.
    if (total > 0) drops[key] = total;
    if (nowMs - lastSeenMs >= RECENT_MS) continue;
    news.set(service, (news.get(service) ?? 0) + Math.max(0, total - known));
  }
  const samples = [...news].map(([service, value]) => ({
    metric: 'ledger_drops',
    service,
    attributes: {},
    value,
    count: null,
    timeMs: nowMs,
  }));
  return { samples, drops };
}

/** As `df` reckons it: of what those who are not root may fill. */
export async function diskSamples(folder: string, nowMs: number): Promise<Sample[]> {
  const { blocks, bfree, bavail } = await statfs(folder);
  const used = blocks - bfree;
  if (used + bavail <= 0) return [];
  const value = (100 * used) / (used + bavail);
  const own = { metric: 'collector_disk', service: '', attributes: {} };
  return [{ ...own, value, count: null, timeMs: nowMs }];
}
