/**
 * From when on a request or an operation is slow, or has too many queries: for all, for the routes that
 * TACHOGRAPH_BUDGETS_FILE names, for the operations that have a budget, and for jobs. Asked once for each
 * route, and by a look-up for each operation. The agent's worker reads the same settings whole
 * (src/shared/budget-settings.ts), and complains of what is wrong in them.
 */
import { ofRoute, readBudgetsFile } from '../shared/budgets-file.js';
import { BACKGROUND_JOB_MS } from '../shared/job-limits.js';
import { MODULE_LIMITS_MS, OPERATION_LIMITS_MS } from '../shared/operation-limits.js';
import type { Options } from '../shared/options.js';
import { parseDurationMs } from '../shared/quantities.js';

export interface TraceLimits {
  readonly slowUs: number;
  readonly queriesMax: number;
}

export type LimitsOfRoute = (method: string, route: string) => TraceLimits;
/** Those of the budget of its name, else of its module's, else of all. */
export type LimitsOfOperation = (name: string, module: string | undefined) => TraceLimits;

export interface LimitsOf {
  readonly route: LimitsOfRoute;
  readonly operation: LimitsOfOperation;
  readonly job: TraceLimits;
}

type Values = Readonly<Record<string, unknown>>;

export function readTraceLimits(
  options: Pick<Options, 'slowResponseMs' | 'queriesMax' | 'budgets' | 'budgetsFile'>,
): LimitsOf {
  const { slowResponseMs, queriesMax, budgets, budgetsFile } = options;
  const file = budgetsFile === '' ? undefined : readBudgetsFile(budgetsFile);
  const { budgets: ofFile = {}, routes = {} } = typeof file === 'object' ? file : {};
  const ofList: Values = Object.fromEntries(
    budgets.map((item) => item.split('=').map((s) => s.trim())),
  );
  const own = { slowUs: slowResponseMs * 1000, queriesMax };
  const ofAll = replaced(replaced(own, ofFile), ofList);
  const ofBudget = (name: string, limitMs: number): TraceLimits => {
    const slowMs = durationIn(ofList, name) ?? durationIn(ofFile, name) ?? limitMs;
    return { ...ofAll, slowUs: slowMs * 1000 };
  };
  // Not made before there is an operation, which most starts have none of.
  let ofOperations: ReadonlyMap<string, TraceLimits> | undefined;
  const makeOfOperations = (): ReadonlyMap<string, TraceLimits> =>
    new Map(
      Object.entries({ ...OPERATION_LIMITS_MS, ...MODULE_LIMITS_MS }).map(([name, limitMs]) => [
        name,
        ofBudget(name, limitMs),
      ]),
    );
  return {
    route: (method, route) => {
      const values = ofRoute(routes, method, route);
      return values === undefined ? ofAll : replaced(ofAll, values);
    },
    operation: (name, module = '') => {
      ofOperations ??= makeOfOperations();
      return ofOperations.get(name) ?? ofOperations.get(module) ?? ofAll;
    },
    job: ofBudget('background_job', BACKGROUND_JOB_MS),
  };
}

/** By names of src/shared/application-budgets.ts, which the application's thread need not load. */
function replaced(limits: TraceLimits, values: Values): TraceLimits {
  const slowMs = durationIn(values, 'slow_response');
  const queries = /^\d+(?:\.\d+)?$/.exec(String(values.excessive_queries ?? '').trim())?.[0];
  return {
    slowUs: slowMs === undefined ? limits.slowUs : slowMs * 1000,
    queriesMax: queries === undefined ? limits.queriesMax : Number(queries),
  };
}

function durationIn(values: Values, name: string): number | undefined {
  return parseDurationMs(String(values[name] ?? ''));
}
