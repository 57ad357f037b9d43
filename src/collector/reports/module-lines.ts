/** Business modules of a period: their time against the one before, and which of their budgets are over. */
import { budgetStates } from '../views/budget-states.js';
import { type ModuleRow, operationsOf } from '../views/operations.js';
import type { Range } from './calendar.js';
import { SAMPLES_MIN } from './figures.js';
import type { ModuleLine } from './report-model.js';
import { type ReportSource, viewOf } from './report-source.js';

const MODULES_MAX = 20;

export async function moduleLines(
  source: ReportSource,
  service: string | undefined,
  after: Range,
  before: Range,
): Promise<ModuleLine[]> {
  const [now, old, budgets] = await Promise.all([
    operationsOf(source, viewOf(service, after)),
    operationsOf(source, viewOf(service, before)),
    budgetStates(source, viewOf(service, after)),
  ]);
  const over = budgets
    .filter(({ layer, state }) => layer === 'business' && state === 'breach')
    .map(({ name }) => name);
  return now.slice(0, MODULES_MAX).map((row) => lineOf(row, old, over));
}

function lineOf(row: ModuleRow, old: readonly ModuleRow[], over: readonly string[]): ModuleLine {
  const { module, calls, total, operations } = row;
  const failed = operations.reduce((sum, one) => sum + one.errorRatio * one.calls, 0);
  const slowest = operations
    .filter((one) => one.calls >= SAMPLES_MIN)
    .sort((a, b) => b.p95 - a.p95)[0];
  const names = new Set(operations.map(({ operation }) => operation));
  return {
    module,
    calls,
    total,
    totalBefore: old.find((one) => one.module === module)?.total ?? null,
    errorRatio: calls === 0 ? 0 : failed / calls,
    slowest: slowest === undefined ? null : { operation: slowest.operation, p95: slowest.p95 },
    breaches: over.filter((name) => names.has(name)),
  };
}
