/**
 * The rules that are in force without any setting: the levels of the table below, every budget as a WARNING,
 * and what only the collector sees. Pure data; docs/reference/alerts.md is made from it.
 */
import type { Budget } from '../shared/budget.js';
import { samplesMinOf } from '../shared/budget.js';
import { BUDGETS } from '../shared/budgets.js';
import { type AlertLevel, type AlertUnit, type Rule, ruleName } from './rule.js';

const MINUTE_MS = 60_000;

/** A level that is less severe waits longer, so that what grows worse is told once, as what it is. */
const FOR_MS: Readonly<Record<AlertLevel, number>> = {
  CRITICAL: MINUTE_MS,
  WARNING: 2 * MINUTE_MS,
  INFO: 5 * MINUTE_MS,
};
const CLEAR_RATIO = 0.9;
const CLEAR_FOR_MS = 2 * MINUTE_MS;
const WINDOW_MS = MINUTE_MS;
/** Of what is so at a moment. */
const NO_WINDOW = 0;
/** One error in fewer requests would be 5 % of them. */
const REQUESTS_MIN = 20;
/** Of burn rates, which look at hours. */
const REQUESTS_OF_HOURS_MIN = 100;

type Limits = Readonly<Partial<Record<AlertLevel, number>>>;
type Rest = Partial<
  Pick<Rule, 'forMs' | 'clearForMs' | 'windowMs' | 'samplesMin' | 'clearRatio' | 'takesLimits'>
>;

function levels(
  metric: string,
  unit: AlertUnit,
  limits: Limits,
  measured: string,
  rest: Rest = {},
): Rule[] {
  return (Object.entries(limits) as [AlertLevel, number][]).map(([level, threshold]) => ({
    name: ruleName(metric, level),
    metric,
    level,
    unit,
    threshold,
    takesLimits: rest.takesLimits ?? false,
    clearRatio: rest.clearRatio ?? CLEAR_RATIO,
    forMs: rest.forMs ?? FOR_MS[level],
    clearForMs: rest.clearForMs ?? CLEAR_FOR_MS,
    windowMs: rest.windowMs ?? WINDOW_MS,
    samplesMin: rest.samplesMin ?? 1,
    enabled: true,
    measured,
  }));
}

const LEVEL_RULES: readonly Rule[] = [
  ...levels(
    'response_time',
    'ms',
    { CRITICAL: 2000, WARNING: 1000, INFO: 500 },
    'p95 of all requests of a service.',
    { samplesMin: REQUESTS_MIN },
  ),
  ...levels(
    'error_rate',
    '%',
    { CRITICAL: 5, WARNING: 2, INFO: 1 },
    'Requests of a service that failed or were answered 5xx.',
    { samplesMin: REQUESTS_MIN },
  ),
  ...levels(
    'cpu',
    '%',
    { CRITICAL: 90, WARNING: 70, INFO: 50 },
    'CPU of a host, or of a container over its quota, whichever is higher.',
  ),
  ...levels(
    'memory',
    '%',
    { CRITICAL: 85, WARNING: 70, INFO: 50 },
    'Memory of a host, or of a container over its limit, whichever is higher.',
  ),
  ...levels(
    'db_connections',
    '%',
    { CRITICAL: 90, WARNING: 70, INFO: 50 },
    'Connections of a pool in use, of those that it may have.',
  ),
  ...levels(
    'event_loop_delay',
    'ms',
    { CRITICAL: 1000 },
    'p99 of how late callbacks of one thread run.',
    { samplesMin: REQUESTS_MIN },
  ),
];

/**
 * Of hours, of processes, and of the collector itself. An agent that evaluates by itself has those of hours and its own
 * drops.
 */
const COLLECTOR_RULES: readonly Rule[] = [
  ...levels(
    'error_budget_1h',
    'x',
    { CRITICAL: 14.4 },
    'How many times faster than sustainable the error budget burns, over 1 h and over 5 min.',
    { forMs: 0, windowMs: 60 * MINUTE_MS, samplesMin: REQUESTS_OF_HOURS_MIN },
  ),
  ...levels(
    'error_budget_6h',
    'x',
    { WARNING: 6 },
    'How many times faster than sustainable the error budget burns, over 6 h and over 30 min.',
    { forMs: 0, windowMs: 360 * MINUTE_MS, samplesMin: REQUESTS_OF_HOURS_MIN },
  ),
  ...levels(
    'memory_forecast',
    '%',
    { WARNING: 100 },
    'Where memory of a host, a container or a heap is in 4 h, if it grows on as in the last hour.',
    { forMs: 10 * MINUTE_MS, windowMs: NO_WINDOW },
  ),
  ...levels(
    'silent_service',
    's',
    { CRITICAL: 300 },
    'Since a service last sent anything, all its processes taken together: the dead-man’s switch.',
    { forMs: 0, clearForMs: 0, windowMs: NO_WINDOW },
  ),
  ...levels(
    'ledger_drops',
    'number',
    { WARNING: 0 },
    'Records that a service’s processes had to drop since the last look.',
    { forMs: 0, clearForMs: 10 * MINUTE_MS },
  ),
  ...levels(
    'collector_disk',
    '%',
    { CRITICAL: 95, WARNING: 85 },
    'Space in use where the collector keeps its data.',
    { forMs: 5 * MINUTE_MS, windowMs: NO_WINDOW },
  ),
];

/** Budgets whose limit is a level's above, so that a cause is told once. */
const COVERED: ReadonlySet<string> = new Set(['db_connections']);
/**
 * Off unless a user switches them on: those of single requests, which any service has now and then and whose
 * traces are kept, and those that say again what another rule says.
 */
const OFF: ReadonlySet<string> = new Set([
  'slow_response',
  'excessive_queries',
  'endpoint_response_time',
  'cpu_host',
  'cpu_container',
  'memory_host',
  'memory_container',
]);

export const DEFAULT_RULES: readonly Rule[] = [
  ...LEVEL_RULES,
  ...BUDGETS.filter(({ name }) => !COVERED.has(name)).map(ofBudget),
  ...COLLECTOR_RULES,
];

function ofBudget(budget: Budget): Rule {
  const { name, unit, limit, measured, statistic } = budget;
  const limits = { WARNING: limit };
  const own = { takesLimits: true, samplesMin: samplesMinOf(budget) };
  // A single run (a backup, a command, a schedule) is seen once: nothing of it would last.
  const isOfRuns = statistic === 'max' && !OFF.has(name);
  const rest = isOfRuns ? { ...own, forMs: 0 } : own;
  const [rule] = levels(name, unit, limits, measured, rest);
  return { ...rule!, enabled: !OFF.has(name) };
}
