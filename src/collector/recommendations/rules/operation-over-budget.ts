/** Rule: business operations over the budget that the table has for them. */
import { inADay, items, time } from '../words.js';
import { advice, CALLS_MIN, type Rule } from './rule.js';

export const operationOverBudget: Rule = ({ budgets, modules, recordedMs }) =>
  budgets
    .filter(({ layer, state }) => layer === 'business' && state === 'breach')
    .flatMap((budget) => {
      const limit = budget.limit / 1000;
      const module = modules.find(({ operations }) =>
        operations.some(({ operation }) => operation === budget.name),
      );
      const row = module?.operations.find(({ operation }) => operation === budget.name);
      if (module === undefined || row === undefined || row.calls < CALLS_MIN) return [];
      return [
        {
          type: 'operation_over_budget',
          subject: budget.name,
          title: `Business operation over its budget: ${budget.name}`,
          finding: `p95 of ${budget.name} is ${time(row.p95)}; its budget is ${time(limit)}.`,
          evidence: [
            `${items(row.calls, 'call')} in the module ${module.module}, ${time(row.total)} in all, p50 ${time(row.p50)}.`,
          ],
          costPerDay: inADay(Math.max(0, row.total / row.calls - limit) * row.calls, recordedMs),
          fix: advice(
            'Look at a trace of one: its waterfall tells queries, outbound calls and own work apart.',
          ),
          confidence: 'medium' as const,
          verification: `p95 of ${budget.name} is under ${time(limit)}.`,
          measure: { kind: 'service' } as const,
        },
      ];
    });
