/**
 * Writes the generated pages of docs/reference from the tables in src/shared: `npm run docs`.
 * test/project/docs.test.ts fails when a page and its table differ.
 */
import { writeFileSync } from 'node:fs';
import { buildWhenStale } from './build.js';
import { alertsPage } from './docs/alerts-page.js';
import { budgetsPage } from './docs/budgets-page.js';
import { codesPage } from './docs/codes-page.js';
import { metricsPage } from './docs/metrics-page.js';
import { optionsPage } from './docs/options-page.js';

/**
 * The generated pages by their paths below the root.
 * @param {{
 *   OPTIONS: readonly import('../src/shared/option-row.ts').OptionRow[],
 *   OTHER_VARIABLES: readonly string[],
 *   formatValue: (row: import('../src/shared/option-row.ts').OptionRow, value: unknown) => string,
 *   WARNINGS: Readonly<Record<string, string>>,
 *   BUDGETS: readonly import('../src/shared/budget.ts').Budget[],
 *   METRICS: readonly import('../src/shared/metric.ts').Metric[],
 *   DEFAULT_RULES: readonly import('../src/alerts/rule.ts').Rule[],
 *   openApi: () => object,
 *   quantityText: (value: number, unit: import('../src/alerts/rule.ts').AlertUnit) => string,
 * }} tables
 * @returns {Record<string, string>}
 */
export function pages({
  OPTIONS,
  OTHER_VARIABLES,
  formatValue,
  WARNINGS,
  METRICS,
  BUDGETS,
  DEFAULT_RULES,
  quantityText,
  openApi,
}) {
  return {
    'docs/reference/options.md': optionsPage({
      options: OPTIONS,
      others: OTHER_VARIABLES,
      formatValue,
    }),
    'docs/reference/codes.md': codesPage(WARNINGS),
    'docs/reference/budgets.md': budgetsPage(BUDGETS),
    'docs/reference/metrics.md': metricsPage(METRICS),
    'docs/reference/openapi.json': `${JSON.stringify(openApi(), null, 2)}\n`,
    'docs/reference/alerts.md': alertsPage(DEFAULT_RULES, quantityText),
  };
}

async function main() {
  if (!(await buildWhenStale())) {
    process.exitCode = 1;
    return;
  }
  const tables = Object.assign(
    {},
    ...(await Promise.all(
      [
        'collector/http/open-api',
        'shared/options',
        'shared/resolve-options',
        'shared/codes',
        'shared/metric-catalogue',
        'shared/budgets',
        'alerts/default-rules',
        'alerts/rule',
      ].map((name) => import(new URL(`../dist/${name}.js`, import.meta.url).href)),
    )),
  );
  for (const [path, text] of Object.entries(pages(tables))) {
    writeFileSync(new URL(`../${path}`, import.meta.url), text);
    console.log(path);
  }
}

if (import.meta.filename === process.argv[1]) await main();
