/**
 * From when on a request is slow, or has too many queries: for all routes, and for those that
 * TACHOGRAPH_BUDGETS_FILE names, asked once for each route; and the same of jobs. The agent's worker
 * reads these settings whole (src/shared/budget-settings.ts), and complains of what is wrong in them.
 */
import { ofRoute, readBudgetsFile } from '../shared/budgets-file.js';
import { BACKGROUND_JOB_MS } from '../shared/job-limits.js';
import type { Options } from '../shared/options.js';
import { parseDurationMs } from '../shared/quantities.js';

export interface TraceLimits {
  readonly slowUs: number;
  readonly queriesMax: number;
}

export type LimitsOfRoute = (method: string, route: string) => TraceLimits;

export interface AllTraceLimits {
  readonly ofRoute: LimitsOfRoute;
  /** Of what is neither request nor job. */
  readonly ofOthers: TraceLimits;
  readonly ofJobs: TraceLimits;
}

type Values = Readonly<Record<string, unknown>>;

/** Names of the tables of budgets, which the application's thread need not load. */
const SLOW_RESPONSE = 'slow_response';
const BACKGROUND_JOB = 'background_job';

export function readTraceLimits(
  options: Pick<Options, 'slowResponseMs' | 'queriesMax' | 'budgets' | 'budgetsFile'>,
): AllTraceLimits {
  const { slowResponseMs, queriesMax, budgets, budgetsFile } = options;
  const file = budgetsFile === '' ? undefined : readBudgetsFile(budgetsFile);
  const { budgets: ofFile = {}, routes = {} } = typeof file === 'object' ? file : {};
  const ofList = Object.fromEntries(budgets.map((item) => item.split('=').map((s) => s.trim())));
  const set = (own: TraceLimits, slow: string): TraceLimits =>
    replaced(replaced(own, ofFile, slow), ofList as Values, slow);
  const ofAll = set({ slowUs: slowResponseMs * 1000, queriesMax }, SLOW_RESPONSE);
  return {
    ofRoute(method, route) {
      const values = ofRoute(routes, method, route);
      return values === undefined ? ofAll : replaced(ofAll, values, SLOW_RESPONSE);
    },
    ofOthers: ofAll,
    ofJobs: set({ slowUs: BACKGROUND_JOB_MS * 1000, queriesMax }, BACKGROUND_JOB),
  };
}

/** `slow` is the budget of the time. */
function replaced(limits: TraceLimits, values: Values, slow: string): TraceLimits {
  const slowMs = parseDurationMs(String(values[slow] ?? ''));
  const queries = /^\d+(?:\.\d+)?$/.exec(String(values.excessive_queries ?? '').trim())?.[0];
  return {
    slowUs: slowMs === undefined ? limits.slowUs : slowMs * 1000,
    queriesMax: queries === undefined ? limits.queriesMax : Number(queries),
  };
}
