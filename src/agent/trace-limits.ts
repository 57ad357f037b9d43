/**
 * From when on a request is slow, or has too many queries: for all routes, and for those that
 * TACHOGRAPH_BUDGETS_FILE names. Asked once for each route. The agent's worker reads the same settings
 * whole (src/shared/budget-settings.ts), and complains of what is wrong in them.
 */
import { ofRoute, readBudgetsFile } from '../shared/budgets-file.js';
import type { Options } from '../shared/options.js';
import { parseDurationMs } from '../shared/quantities.js';

export interface TraceLimits {
  readonly slowUs: number;
  readonly queriesMax: number;
}

export type LimitsOfRoute = (method: string, route: string) => TraceLimits;

type Values = Readonly<Record<string, unknown>>;

export function readTraceLimits(
  options: Pick<Options, 'slowResponseMs' | 'queriesMax' | 'budgets' | 'budgetsFile'>,
): LimitsOfRoute {
  const { slowResponseMs, queriesMax, budgets, budgetsFile } = options;
  const file = budgetsFile === '' ? undefined : readBudgetsFile(budgetsFile);
  const { budgets: ofFile = {}, routes = {} } = typeof file === 'object' ? file : {};
  const ofList = Object.fromEntries(budgets.map((item) => item.split('=').map((s) => s.trim())));
  const own = { slowUs: slowResponseMs * 1000, queriesMax };
  const ofAll = replaced(replaced(own, ofFile), ofList as Values);
  return (method, route) => {
    const values = ofRoute(routes, method, route);
    return values === undefined ? ofAll : replaced(ofAll, values);
  };
}

/** By names of src/shared/application-budgets.ts, which the application's thread need not load. */
function replaced(limits: TraceLimits, values: Values): TraceLimits {
  const slowMs = parseDurationMs(String(values.slow_response ?? ''));
  const queries = /^\d+(?:\.\d+)?$/.exec(String(values.excessive_queries ?? '').trim())?.[0];
  return {
    slowUs: slowMs === undefined ? limits.slowUs : slowMs * 1000,
    queriesMax: queries === undefined ? limits.queriesMax : Number(queries),
  };
}
