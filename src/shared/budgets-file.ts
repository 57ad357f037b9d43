/**
 * The JSON file named by TACHOGRAPH_BUDGETS_FILE, as it is written:
 *
 *     { "budgets": { "view_response_time": "300ms" },
 *       "routes": { "GET /reports/:id": { "view_response_time": "5s", "excessive_queries": 100 } } }
 *
 * Read at most once a thread, the application's before its first line only when it is named. What
 * the names and values mean is said by budget-settings.ts.
 */
import { readConfigFile } from './config-file.js';

type Values = Readonly<Record<string, unknown>>;

export interface BudgetsFile {
  readonly budgets: Values;
  /** By `METHOD /template`, or by the template alone for every method. */
  readonly routes: Readonly<Record<string, Values>>;
}

/** Routes of a file; more are not read. */
const ROUTES_MAX = 1000;

/** The file, or the sentence that says why it cannot be used. */
export function readBudgetsFile(path: string): BudgetsFile | string {
  const file = readConfigFile(path);
  if (typeof file === 'string') return file;
  const { budgets = {}, routes = {}, ...others } = file.values;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) return `the key ${JSON.stringify(unknown)}`;
  if (!isObject(budgets)) return '"budgets" that is no object';
  if (!isObject(routes)) return '"routes" that is no object';
  const rows = Object.entries(routes);
  if (rows.length > ROUTES_MAX) return `${rows.length} routes, more than ${ROUTES_MAX}`;
  const bad = rows.find(([, values]) => !isObject(values));
  if (bad !== undefined) return `${JSON.stringify(bad[0])} under "routes" that is no object`;
  return { budgets, routes: routes as Record<string, Values> };
}

/** What a file says of a route: under its method and template, else under its template. */
export function ofRoute<Row>(
  routes: Readonly<Record<string, Row>>,
  method: string,
  route: string,
): Row | undefined {
  const key = `${method} ${route}`;
  if (Object.hasOwn(routes, key)) return routes[key];
  return Object.hasOwn(routes, route) ? routes[route] : undefined;
}

function isObject(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
