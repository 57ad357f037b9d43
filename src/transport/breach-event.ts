/** A breach of a budget in one window, as an event of a batch: written by the worker, read by the collector. */
import type { BudgetUnit } from '../shared/budget.js';
import type { BatchEvent } from './batch.js';

export const BREACH_EVENT = 'tachograph.breach';

export interface Breach {
  readonly budget: string;
  /** In the unit of the budget. */
  readonly value: number;
  readonly limit: number;
  readonly unit: BudgetUnit;
  /** Values in the window, and how many of them were above the limit. */
  readonly count: number;
  readonly above: number;
  /** What tells the group apart: the route, the operation, the template. */
  readonly attributes: Readonly<Record<string, string>>;
}

const OWN = 'tachograph.breach.';

export function breachEvent(breach: Breach, timeMs: number): BatchEvent {
  const { attributes, ...own } = breach;
  const pairs: [string, string][] = Object.entries(attributes);
  for (const [name, value] of Object.entries(own)) pairs.push([OWN + name, String(value)]);
  return {
    timeMs,
    name: BREACH_EVENT,
    attributes: pairs.sort(([a], [b]) => (a < b ? -1 : 1)),
  };
}

/** Numbers that are none are NaN: events come from anybody who may send. */
export function readBreach(attributes: Readonly<Record<string, string>>): Breach {
  const text = (name: string): string => attributes[OWN + name] ?? '';
  const number = (name: string): number => (text(name) === '' ? Number.NaN : Number(text(name)));
  return {
    budget: text('budget'),
    value: number('value'),
    limit: number('limit'),
    unit: text('unit') as BudgetUnit,
    count: number('count'),
    above: number('above'),
    attributes: Object.fromEntries(
      Object.entries(attributes).filter(([name]) => !name.startsWith(OWN)),
    ),
  };
}
