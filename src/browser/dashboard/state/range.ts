/** The time that is shown, the time it is compared with, and whose data: what every question to the API has. */
import { stepFor } from '../../../shared/chart-steps.js';
import { param } from './url-state.js';

export const RANGES = ['1h', '6h', '24h', '7d', '30d'] as const;
export type RangeName = (typeof RANGES)[number] | 'custom';

const RANGE_MS: Readonly<Record<(typeof RANGES)[number], number>> = {
  '1h': 3_600_000,
  '6h': 21_600_000,
  '24h': 86_400_000,
  '7d': 604_800_000,
  '30d': 2_592_000_000,
};
const WEEK_MS: number = RANGE_MS['7d'];
const RANGE_MIN_MS = 60_000;
/** As many points as a chart has room for. */
export const POINTS_MAX = 120;

export type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

export function rangeName(): RangeName {
  const name = param('range');
  if (timeIn('from') !== undefined) return 'custom';
  return RANGES.find((known) => known === name) ?? '1h';
}

export function isComparing(): boolean {
  return param('compare') === 'week';
}

export function rangeMs(): number {
  const name = rangeName();
  if (name !== 'custom') return RANGE_MS[name];
  const { from, to } = fixedRange();
  return Math.max(RANGE_MIN_MS, (to ?? Date.now()) - from);
}

export function rangeText(): string {
  const name = rangeName();
  return name === 'custom' ? 'the chosen time' : `the last ${name}`;
}

/** `from` and `to` of the API; `back` weeks earlier. */
export function rangeQuery(back = 0): Query {
  const name = rangeName();
  const backMs = back * WEEK_MS;
  const ago = backMs === 0 ? 'now' : `-${backMs}ms`;
  if (name === 'custom') {
    const { from, to } = fixedRange();
    return { from: String(from - backMs), to: to === undefined ? ago : String(to - backMs) };
  }
  return { from: `-${RANGE_MS[name] + backMs}ms`, to: ago };
}

/** Resource attributes by which data is chosen, and the names they have in the URL. */
export const FILTERS = [
  ['environment', 'deployment.environment.name'],
  ['version', 'service.version'],
  ['instance', 'service.instance.id'],
] as const;

/** Whose data. */
export function scopeQuery(): { readonly service: string; readonly where: readonly string[] } {
  const where = FILTERS.filter(([name]) => param(name) !== '').map(
    ([name, attribute]) => `${attribute}:${param(name)}`,
  );
  return { service: param('service'), where };
}

/** Whether a process is one of those whose data is shown. */
export function isInScope(resource: Readonly<Record<string, string>>): boolean {
  return FILTERS.every(([name, attribute]) => [resource[attribute], ''].includes(param(name)));
}

/** Whether less than all of a service's data is shown. */
export function isNarrowed(): boolean {
  return FILTERS.some(([name]) => param(name) !== '');
}

/** What stands beside the title of a view that only tells services apart. */
export function serviceNote(note?: string): string | undefined {
  const words = [note, isNarrowed() ? 'all versions and instances' : undefined];
  return words.filter(Boolean).join(' · ') || undefined;
}

export function chartStep(pointsMax: number): string {
  return `${stepFor(rangeMs(), pointsMax)}ms`;
}

/** The ends of the range; of one that moves with the time the last is `nowMs`. */
export function rangeEnds(nowMs: number): { fromMs: number; toMs: number } {
  if (rangeName() !== 'custom') return { fromMs: nowMs - rangeMs(), toMs: nowMs };
  const { from, to = nowMs } = fixedRange();
  return { fromMs: from, toMs: to };
}

/** The time that was chosen; without an end it goes on: a question whose end is never the same would be asked without end. */
function fixedRange(): { from: number; to: number | undefined } {
  const [from = 0, to] = [timeIn('from'), timeIn('to')];
  return { from: to === undefined ? from : Math.min(from, to - RANGE_MIN_MS), to };
}

/** Unix ms. */
function timeIn(name: 'from' | 'to'): number | undefined {
  const text = param(name);
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
