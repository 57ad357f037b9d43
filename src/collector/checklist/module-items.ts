/** The list of business modules: one row an item. */
import { count, items, percent, time } from '../recommendations/words.js';
import type { ItemRow } from './checklist.js';
import { byOperations, byRules } from './judges.js';

export const MODULE_ITEMS: readonly ItemRow[] = [
  {
    item: 'workflows',
    title: 'Workflows',
    judge: byOperations(/workflow|transition|approval|quality_check/, 'a workflow'),
  },
  {
    item: 'inventory_calculation',
    title: 'Inventory calculation',
    judge: byOperations(/inventory|stock|reorder|location|barcode/, 'the inventory'),
  },
  {
    item: 'order_processing',
    title: 'Order processing',
    judge: byOperations(/(?<!re)order(?!_point)/, 'order processing'),
  },
  {
    item: 'report_generation',
    title: 'Report generation',
    judge: byOperations(/report|payroll|statement/, 'a report'),
  },
  {
    item: 'dashboard',
    title: 'Dashboard',
    judge: byOperations(/dashboard/, 'a dashboard'),
  },
  {
    item: 'cross_module_sync',
    title: 'Synchronisation of modules',
    judge: byOperations(/sync/, 'synchronisation'),
  },
  {
    item: 'bulk_operations',
    title: 'Bulk operations',
    judge: byRules({
      types: ['bulk_write'],
      missing: ({ queries }) =>
        queries.some(isWrite) ? undefined : 'nothing was written to a database.',
      fine: 'No request writes many rows one by one.',
      figures: ({ queries }) => {
        const writes = queries.filter(isWrite);
        const calls = writes.reduce((sum, one) => sum + one.calls, 0);
        return calls === 0
          ? []
          : [`${items(calls, 'write')} by ${items(writes.length, 'statement')}.`];
      },
    }),
  },
  {
    item: 'pagination',
    title: 'Pagination',
    judge: byRules({
      types: ['unbounded_read', 'pagination_loop', 'large_answer'],
      missing: ({ queries, traces }) =>
        queries.length === 0
          ? 'no query was recorded.'
          : traces.manyRows.length === 0
            ? 'no kept trace tells how many rows a query brings.'
            : undefined,
      fine: 'No read brings more rows than a page has.',
      figures: ({ traces }) =>
        traces.manyRows
          .slice(0, 2)
          .map(
            ({ rowsMax, method, route }) => `${count(rowsMax)} rows at most in ${method} ${route}.`,
          ),
    }),
  },
  {
    item: 'background_jobs',
    title: 'Background jobs',
    judge: byRules({
      types: ['job_over_budget', 'job_wait', 'job_retries'],
      missing: ({ jobs }) =>
        jobs.length === 0 ? 'no job, message or schedule was seen.' : undefined,
      fine: 'Jobs keep their budgets and do not wait.',
      figures: ({ jobs }) =>
        jobs.map(
          ({ queue, job, calls, p95, errorRatio }) =>
            `${queue || job}: ${items(calls, 'run')}, p95 ${time(p95)}, ${percent(errorRatio)} failed.`,
        ),
    }),
  },
  {
    item: 'caching_strategy',
    title: 'Caching strategy',
    judge: byRules({
      types: ['cache_low_hits', 'cache_read'],
      missing: ({ caches, queries }) =>
        caches.length + queries.length === 0 ? 'neither a cache nor a query was seen.' : undefined,
      fine: 'Caches find what they are asked for, and no read that is the same for everyone is made each time.',
      figures: ({ caches }) =>
        caches.length === 0
          ? ['No cache is in use.']
          : caches.map(
              ({ cache, hits, misses }) =>
                `${cache || 'cache'}: ${percent(hits / Math.max(1, hits + misses))} of ${count(hits + misses)} reads found something.`,
            ),
    }),
  },
];

function isWrite({ operation }: { readonly operation: string }): boolean {
  return /^(?:insert|update|delete|replace|merge)$/i.test(operation);
}
