/**
 * Which series a budget is about, and in which group each lies; how a value of a metric reads in the
 * budget's unit. Pure; the worker's windows and the collector's answers are judged by the same rules.
 */
import type { Budget, BudgetSource, BudgetUnit } from './budget.js';
import type { BudgetSettings } from './budget-settings.js';

type Pairs = Readonly<Record<string, string>>;

/** The attributes by which a series of the budget's metric is grouped; undefined: it is not meant. */
export function groupOf(
  { by, where = {}, routes }: BudgetSource,
  attributes: Pairs,
  { adminRoutes }: BudgetSettings,
): Pairs | undefined {
  for (const [name, value] of Object.entries(where)) {
    if (attributes[name] !== value) return undefined;
  }
  if (routes !== undefined) {
    const route = attributes['http.route'] ?? '';
    // Names in brackets stand for what no route took.
    if (!route.startsWith('/')) return undefined;
    if (adminRoutes.some((prefix) => isUnder(route, prefix)) !== (routes === 'admin')) {
      return undefined;
    }
  }
  const pairs = by
    .filter((name) => (attributes[name] ?? '') !== '')
    .map((name) => [name, attributes[name]!] as const);
  return Object.fromEntries(pairs);
}

/** Every attribute that decides about a series of the budget's metric. */
export function attributesOf({ by, where = {}, routes, part }: BudgetSource): string[] {
  const names = [...by, ...Object.keys(where)];
  if (routes !== undefined) names.push('http.route');
  if (part !== undefined) names.push(part[0]);
  return [...new Set(names)];
}

/** A value in the metric's own unit (seconds, a ratio, a count) as the budget has it. */
export function inUnit(value: number, unit: BudgetUnit): number {
  return Math.round(value * FACTORS[unit] * 1000) / 1000;
}

const FACTORS: Readonly<Record<BudgetUnit, number>> = { ms: 1000, '%': 100, number: 1 };

/** As people write it: `400 ms`, `2 s`, `70 %`. */
export function limitText(value: number, { unit }: Pick<Budget, 'unit'>): string {
  if (unit === '%') return `${value} %`;
  if (unit === 'number') return String(value);
  return value >= 1000 ? `${value / 1000} s` : `${value} ms`;
}

function isUnder(route: string, prefix: string): boolean {
  const folder = prefix.endsWith('/') ? prefix.slice(0, -1) : prefix;
  return route === folder || route.startsWith(`${folder}/`);
}
