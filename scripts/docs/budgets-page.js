/** docs/reference/budgets.md from the table of budgets. */
import { code, table } from './markdown.js';

/** @typedef {import('../../src/shared/budget.ts').Budget} Budget */

/** @param {readonly Budget[]} budgets */
export function budgetsPage(budgets) {
  const rows = budgets.map((budget) => [
    code(budget.name),
    budget.layer,
    limitOf(budget),
    budget.statistic,
    budget.measured,
    sourceOf(budget),
  ]);
  return `# Budgets

What each layer may take. The agent compares every window with this table when the window closes, group by group (each
route, each template apart), and what is over its limit becomes an event \`tachograph.breach\`; \`/v1/budgets\` and
\`/v1/breaches\` of the [API](api.md) and \`tachograph top\` show them.

A limit is compared with the statistic of its row: \`p95\`, \`p99\` and \`max\` of single values, the \`mean\` of a gauge's
samples (where the row says \`over\`, divided by the mean of that gauge), the \`share\` that the named value of a counter
has. A percentile or share of fewer than 20 values says nothing, and breaches nothing. At the collector machines are judged one by
one (\`cpu_host\`, \`memory_host\`, \`disk_space\` and their kin), and so are processes (\`cpu_process\`, \`event_loop_utilization\`,
\`db_connections\`), but for those that were over within ten minutes.

${table(['Budget', 'Layer', 'Limit', 'Statistic', 'What is measured', 'Metric'], rows)}

## Limits of your own

\`TACHOGRAPH_BUDGETS=view_response_time=300ms,cpu_host=80%\` replaces limits; \`TACHOGRAPH_BUDGETS_FILE\` names a JSON file that
does, and that has limits of single routes, which win over all others:

\`\`\`json
{
  "budgets": { "template_rendering": "20ms" },
  "routes": {
    "GET /reports/:id": { "view_response_time": "5s", "slow_response": "10s", "excessive_queries": 100 },
    "/health": { "view_response_time": "20ms" }
  }
}
\`\`\`

A route is written as it is recorded, with its method or, for all methods, without. \`slow_response\` and
\`excessive_queries\` of a route also decide whose traces are kept there. What cannot be used is a warning that says what was
expected; the table's limit then holds. The limits in force travel with each batch, so that the collector judges by them;
those of single routes do as long as all of them fit into 1,024 characters. (The agent's own breaches always know them.)
`;
}

/** @param {Budget} budget */
function limitOf({ limit, unit }) {
  if (unit === '%') return `${limit} %`;
  if (unit === 'number') return String(limit);
  return limit >= 1000 ? `${limit / 1000} s` : `${limit} ms`;
}

/** @param {Budget} budget */
function sourceOf({ source }) {
  if (typeof source === 'string') return `none: ${source}`;
  const { metric, where = {}, routes, part, over } = source;
  const conditions = Object.entries(where).map(([name, value]) => `${name}=${value}`);
  if (part !== undefined) conditions.push(`the share of ${part.join('=')}`);
  if (routes !== undefined) conditions.push(`routes: ${routes}`);
  const own = conditions.length === 0 ? code(metric) : `${code(metric)} (${conditions.join(', ')})`;
  return over === undefined ? own : `${own} over ${code(over)}`;
}
