/** Breaches of budgets, those of one group in several windows together; the last seen first. */
import type { BudgetLayer, BudgetUnit } from '../../shared/budget.js';
import { BUDGETS } from '../../shared/budgets.js';
import { BREACH_EVENT, readBreach } from '../../transport/breach-event.js';
import type { StoredEvent } from '../query/events.js';
import type { ViewRequest, ViewSource } from './view-request.js';

/** Values and limits in the unit of the budget. */
export interface BreachRow {
  readonly service: string;
  readonly budget: string;
  /** Null for a budget that this version does not have. */
  readonly layer: BudgetLayer | null;
  readonly unit: BudgetUnit;
  /** What tells the group apart: the route, the operation, the template. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Of the newest window. */
  readonly limit: number;
  readonly value: number;
  readonly worst: number;
  /** Values in the windows in breach, and how many of them were above the limit. */
  readonly count: number;
  readonly above: number;
  /** Windows in breach, over all processes. */
  readonly windows: number;
  readonly firstMs: number;
  readonly lastMs: number;
}

/** Events that are folded; of a longer list the newest. */
const EVENTS_MAX = 5000;
const LAYERS: ReadonlyMap<string, BudgetLayer> = new Map(
  BUDGETS.map(({ name, layer }) => [name, layer]),
);

export async function breachesOf(
  { store }: ViewSource,
  { limit, where: resource = [], ...request }: ViewRequest,
): Promise<BreachRow[]> {
  const events = await store.events({
    ...request,
    resource,
    name: BREACH_EVENT,
    limit: EVENTS_MAX,
  });
  const rows = new Map<string, BreachRow>();
  for (const event of events) {
    const row = rowOf(event);
    if (row === undefined) continue;
    const key = JSON.stringify([row.service, row.budget, row.attributes]);
    const newest = rows.get(key);
    rows.set(key, newest === undefined ? row : folded(newest, row));
  }
  return [...rows.values()].slice(0, limit);
}

/** Undefined when it is none: events come from anybody who may send. */
function rowOf({ service, timeMs, attributes: all }: StoredEvent): BreachRow | undefined {
  const { budget, value, limit, unit, count, above, attributes } = readBreach(all);
  if (![value, limit, count, above].every(Number.isFinite)) return undefined;
  return {
    service,
    budget,
    layer: LAYERS.get(budget) ?? null,
    unit,
    attributes,
    limit,
    value,
    worst: value,
    count,
    above,
    windows: 1,
    firstMs: timeMs,
    lastMs: timeMs,
  };
}

function folded(newest: BreachRow, older: BreachRow): BreachRow {
  return {
    ...newest,
    worst: Math.max(newest.worst, older.worst),
    count: newest.count + older.count,
    above: newest.above + older.above,
    windows: newest.windows + older.windows,
    firstMs: Math.min(newest.firstMs, older.firstMs),
  };
}
