/**
 * The limits that are in force: the table's, what the environment and a file put in their place, and
 * for single routes again. Pure but for reading the file; every complaint says what was expected.
 */
import { EXCESSIVE_QUERIES, SLOW_RESPONSE } from './application-budgets.js';
import type { Budget, BudgetUnit } from './budget.js';
import { BUDGETS } from './budgets.js';
import { ofRoute, readBudgetsFile } from './budgets-file.js';
import { nearestName } from './nearest-name.js';
import type { Options } from './options.js';
import { parseDurationMs } from './quantities.js';
import type { Problem } from './resolve-options.js';

export type Limits = Readonly<Record<string, number>>;

export interface BudgetSettings {
  /** By name, in the unit of the budget; those that are not here are the table's. */
  readonly limits: Limits;
  /** By route as the file has them. */
  readonly routes: Readonly<Record<string, Limits>>;
  /** Prefixes of the routes of the administration. */
  readonly adminRoutes: readonly string[];
}

/** Resource attribute: budgets that are not the table's, so that a collector judges by them too. */
export const BUDGETS_ATTRIBUTE = 'tachograph.budgets';

const ADMIN_ROUTES_DEFAULT: readonly string[] = ['/admin'];

export const DEFAULT_SETTINGS: BudgetSettings = {
  limits: {},
  routes: {},
  adminRoutes: ADMIN_ROUTES_DEFAULT,
};

type BudgetOptions = Pick<
  Options,
  'budgets' | 'budgetsFile' | 'adminRoutes' | 'slowResponseMs' | 'queriesMax'
>;

/** Complaints, each a sentence, in `problems`; what is wrong is left as the table has it. */
export function readBudgetSettings(options: BudgetOptions): {
  readonly settings: BudgetSettings;
  readonly problems: readonly string[];
} {
  const problems: string[] = [];
  const file = options.budgetsFile === '' ? undefined : readBudgetsFile(options.budgetsFile);
  if (typeof file === 'string') {
    const expected = 'a JSON file with the objects "budgets" and "routes"';
    problems.push(`TACHOGRAPH_BUDGETS_FILE: expected ${expected}, got ${file}; it is not used.`);
  }
  const { budgets = {}, routes = {} } = typeof file === 'object' ? file : {};
  const read = (source: string, values: Readonly<Record<string, unknown>>): Limits =>
    limitsIn(source, values, problems);
  return {
    settings: {
      limits: {
        [SLOW_RESPONSE]: options.slowResponseMs,
        [EXCESSIVE_QUERIES]: options.queriesMax,
        ...read('TACHOGRAPH_BUDGETS_FILE', budgets),
        ...read('TACHOGRAPH_BUDGETS', pairsOf(options.budgets, problems)),
      },
      routes: Object.fromEntries(
        Object.entries(routes).map(([route, values]) => [
          route,
          read(`TACHOGRAPH_BUDGETS_FILE, ${JSON.stringify(route)}`, values),
        ]),
      ),
      adminRoutes: options.adminRoutes,
    },
    problems,
  };
}

/** What is wrong with the settings; the agent's worker finds it when it starts. */
export function budgetProblems(options: BudgetOptions): Problem[] {
  return readBudgetSettings(options).problems.map((message) => ({
    code: 'TACHO_OPTION_INVALID',
    message,
  }));
}

/** The limit of `budget` for a group with these attributes. */
export function limitOf(
  budget: Budget,
  settings: BudgetSettings,
  attributes: Readonly<Record<string, string>> = {},
): number {
  const route = attributes['http.route'];
  if (route !== undefined) {
    const own = ofRoute(settings.routes, attributes['http.request.method'] ?? '', route);
    if (own !== undefined && Object.hasOwn(own, budget.name)) return own[budget.name]!;
  }
  return Object.hasOwn(settings.limits, budget.name) ? settings.limits[budget.name]! : budget.limit;
}

function pairsOf(items: readonly string[], problems: string[]): Record<string, string> {
  const pairs: Record<string, string> = {};
  for (const item of items) {
    const cut = item.indexOf('=');
    if (cut > 0) pairs[item.slice(0, cut).trim()] = item.slice(cut + 1).trim();
    else problems.push(`TACHOGRAPH_BUDGETS: expected name=limit, got ${JSON.stringify(item)}.`);
  }
  return pairs;
}

function limitsIn(
  source: string,
  values: Readonly<Record<string, unknown>>,
  problems: string[],
): Limits {
  const limits: Record<string, number> = {};
  for (const [name, value] of Object.entries(values)) {
    const budget = BUDGETS.find((row) => row.name === name);
    if (budget === undefined) {
      const nearest = nearestName(
        name,
        BUDGETS.map((row) => row.name),
      );
      const hint = nearest === undefined ? '.' : `; did you mean ${nearest}?`;
      problems.push(`${source}: no budget ${JSON.stringify(name)}${hint}`);
      continue;
    }
    const limit = parseLimit(budget.unit, value);
    if (limit !== undefined) limits[name] = limit;
    else {
      const got = JSON.stringify(value);
      problems.push(`${source}: expected ${name} as ${EXPECTED[budget.unit]}, got ${got}.`);
    }
  }
  return limits;
}

const EXPECTED: Readonly<Record<BudgetUnit, string>> = {
  ms: 'a duration such as 300ms or 2s',
  '%': 'a percentage such as 70 or 70%',
  number: 'a number',
};

function parseLimit(unit: BudgetUnit, value: unknown): number | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const text = String(value).trim();
  if (unit === 'ms') return parseDurationMs(text);
  const digits = unit === '%' ? text.replace(/\s*%$/, '') : text;
  return /^\d+(?:\.\d+)?$/.test(digits) ? Number(digits) : undefined;
}

/** Of a resource attribute; texts of the wire format are no longer. */
const TEXT_LENGTH_MAX = 1024;

/**
 * Settings as a text that a batch can carry, so that a collector judges as the process does; undefined
 * when they are the table's. Those of routes are left out when they are too many.
 */
export function settingsText(settings: BudgetSettings): string | undefined {
  const { limits, routes, adminRoutes } = settings;
  const changed = Object.fromEntries(
    BUDGETS.filter(({ name, limit }) => (limits[name] ?? limit) !== limit).map(({ name }) => [
      name,
      limits[name]!,
    ]),
  );
  const isDefault =
    Object.keys(changed).length + Object.keys(routes).length === 0 &&
    adminRoutes.join() === ADMIN_ROUTES_DEFAULT.join();
  if (isDefault) return undefined;
  const whole = JSON.stringify({ limits: changed, routes, adminRoutes });
  if (whole.length <= TEXT_LENGTH_MAX) return whole;
  const short = JSON.stringify({ limits: changed, routes: {}, adminRoutes: ADMIN_ROUTES_DEFAULT });
  return short.length <= TEXT_LENGTH_MAX ? short : undefined;
}

/** What `settingsText` wrote, by any process: what is no such text is the table's. */
export function settingsFrom(text: string | undefined): BudgetSettings {
  if (text === undefined) return DEFAULT_SETTINGS;
  try {
    const { limits, routes, adminRoutes } = JSON.parse(text) as Partial<BudgetSettings>;
    const isWhole =
      isLimits(limits) &&
      Object.values(routes as object).every(isLimits) &&
      Array.isArray(adminRoutes) &&
      adminRoutes.every((prefix) => typeof prefix === 'string');
    return isWhole ? { limits, routes: routes!, adminRoutes } : DEFAULT_SETTINGS;
  } catch {
    return DEFAULT_SETTINGS;
  }
}

function isLimits(value: unknown): value is Limits {
  return typeof value === 'object' && value !== null && Object.values(value).every(Number.isFinite);
}
