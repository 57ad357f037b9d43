/** Ways in which many items are judged alike: by recommendations, by budgets, by operations of a name. Pure. */
import { limitText } from '../../shared/budget-groups.js';
import type { Calls, Evidence } from '../recommendations/evidence/evidence.js';
import { count, items, percent, quoted, time } from '../recommendations/words.js';
import type { BudgetRow } from '../views/budget-states.js';
import type { OperationRow } from '../views/operations.js';
import { attention, cannotTell, type Judged, ok, type Verdict } from './checklist.js';

export interface ByRules {
  /** Of recommendations that make it need attention. */
  readonly types: readonly string[];
  /** What must be there to judge at all: undefined when it is, else why it is not. */
  readonly missing: (evidence: Evidence) => string | undefined;
  readonly fine: string;
  /** Figures that speak for it. */
  readonly figures: (evidence: Evidence) => readonly string[];
}

/** Attention where a rule speaks; else fine where there is something to judge. */
export function byRules(rules: ByRules): (judged: Judged) => Verdict {
  return ({ evidence, recommendations }) => {
    const found = recommendations.filter(({ type }) => rules.types.includes(type));
    const [first] = found;
    if (first !== undefined) {
      const more = found.length > 1 ? ` (and ${found.length - 1} more)` : '';
      return attention(
        `${first.title}${more}.`,
        found.map(({ finding }) => finding),
      );
    }
    const because = rules.missing(evidence);
    if (because !== undefined) return cannotTell(because, rules.figures(evidence));
    return ok(rules.fine, rules.figures(evidence));
  };
}

/** Attention where one of the budgets is broken, fine where one could be judged. */
export function byBudgets(names: readonly string[], because: string): (judged: Judged) => Verdict {
  return ({ evidence: { budgets } }) => {
    const rows = budgets.filter(({ name }) => names.includes(name));
    const figures = rows.filter(({ value }) => value !== null).map(budgetText);
    const broken = rows.filter(({ state }) => state === 'breach');
    if (broken.length > 0) {
      const said = broken.map(({ name }) => name).join(', ');
      return attention(`Over budget: ${said}.`, broken.map(budgetText));
    }
    if (rows.some(({ state }) => state === 'ok')) return ok('Within budget.', figures);
    if (rows.some(({ state }) => state === 'few')) {
      return cannotTell('there are too few values yet for a percentile.', figures);
    }
    return cannotTell(because);
  };
}

export function budgetText(row: BudgetRow): string {
  const { name, statistic, value, valueLimit, limit, unit, attributes, groupsInBreach } = row;
  const where = quoted(Object.values(attributes).join(' '));
  const shown = value === null ? '' : ` is ${limitText(shortened(value), { unit })}`;
  const others = groupsInBreach > 1 ? `, and ${groupsInBreach - 1} more` : '';
  return `${name}: ${statistic} of ${where || 'all'}${shown}, limit ${limitText(valueLimit ?? limit, { unit })}${others}.`;
}

/** Three digits: a shift of 0.14 is not the limit of 0.1. */
function shortened(value: number): number {
  return Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
}

const CALLS_MIN = 20;
/** Of all calls; fewer than so many are chance. */
const ERRORS_MAX = 0.01;
const ERRORS_MIN = 3;

/** Business operations by their names: over budget or failing is attention. */
export function byOperations(names: RegExp, what: string): (judged: Judged) => Verdict {
  return ({ evidence: { modules, budgets } }) => {
    const operations = modules
      .filter(({ module }) => module !== 'management_commands')
      .flatMap((module) => module.operations)
      .filter(({ operation }) => names.test(operation));
    const figures = operations.map(operationText);
    if (operations.length === 0) {
      return cannotTell(
        `no operation of ${what} is named. Name it by measure('…', fn) or TACHOGRAPH_OPERATIONS.`,
      );
    }
    const over = operations.filter((row) => isOver(row, budgets));
    const failing = operations.filter(
      ({ calls, errorRatio }) => errorRatio > ERRORS_MAX && errorRatio * calls >= ERRORS_MIN,
    );
    if (over.length + failing.length > 0) {
      const parts = [
        ...over.map(({ operation }) => `${operation} is over its budget`),
        ...failing.map(
          ({ operation, errorRatio }) => `${percent(errorRatio)} of ${operation} fail`,
        ),
      ];
      return attention(`${parts.join('; ')}.`, [...over, ...failing].map(operationText));
    }
    if (operations.every(({ calls }) => calls < CALLS_MIN)) {
      return cannotTell(`none was made ${CALLS_MIN} times yet.`, figures);
    }
    return ok('Within budget, and it does not fail.', figures);
  };
}

function isOver({ operation }: OperationRow, budgets: readonly BudgetRow[]): boolean {
  return budgets.some(({ name, state }) => name === operation && state === 'breach');
}

function operationText({ operation, calls, p50, p95, errorRatio }: OperationRow): string {
  return `${operation}: ${items(calls, 'call')}, p50 ${time(p50)}, p95 ${time(p95)}, ${percent(errorRatio)} failed.`;
}

/** `list: 562 calls, p50 5 ms, p95 36 ms.` */
export function callsText(rows: readonly Calls[], name: string): string[] {
  return rows.map(
    ({ names, calls, p50, p95 }) =>
      `${names[name] || 'without a name'}: ${count(calls)} calls, p50 ${time(p50)}, p95 ${time(p95)}.`,
  );
}
