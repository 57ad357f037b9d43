/** docs/reference/alerts.md from the table of rules. */
import { code, table } from './markdown.js';

/** @typedef {import('../../src/alerts/rule.ts').Rule} Rule */

/**
 * @param {readonly Rule[]} rules
 * @param {(value: number, unit: Rule['unit']) => string} quantityText
 */
export function alertsPage(rules, quantityText) {
  const rows = rules.map((rule) => [
    code(rule.name) + (rule.enabled ? '' : ' (off)'),
    quantityText(rule.threshold, rule.unit),
    spanOf(rule.forMs),
    rule.windowMs === 0 ? '' : spanOf(rule.windowMs),
    rule.samplesMin === 1 ? '' : String(rule.samplesMin),
    rule.measured,
  ]);
  return `# Rules of alerts

What the collector judges every 10 s, and an agent's worker that evaluates by itself at the end of each window, as far as one
process can tell. [The guide](../guides/alerts.md) says who is told, and how.

A rule fires when its value has been **above** the threshold for so long, without a gap of more than 3 minutes; it is over when
the value has been at 90 % of the threshold or below for 2 minutes. Between the two nothing changes. The more severe level of a
metric inhibits the others of its group. A value of fewer samples than "at least" says nothing. Budgets have the limit that
holds for the service and the route ([budgets](budgets.md)), unless the rule itself is given a threshold.

${table(['Rule', 'Above', 'For', 'Window', 'At least', 'What is measured'], rows)}

Rules marked *off* judge single requests, or say again what another rule says; any can be switched on.

## Rules of your own

\`TACHOGRAPH_ALERT_RULES=response_time.critical=3s,cpu.info=off,slow_response=on\` replaces thresholds and switches rules; the
metric alone names all its levels. \`TACHOGRAPH_ALERT_RULES_FILE\` names a JSON file that can say more:

\`\`\`json
{
  "rules": {
    "response_time.critical": { "threshold": "3s", "for": "5m", "clearFor": "10m", "clearRatio": 0.8, "samplesMin": 100 },
    "template_rendering": false,
    "cpu.warning": "80%"
  }
}
\`\`\`

What cannot be used is said at the start, with what was expected; the table's rule then holds.
\`error_budget_1h\` and \`error_budget_6h\` go by \`TACHOGRAPH_ALERT_SLO\`, the percentage of requests that are to succeed.
`;
}

/** @param {number} spanMs */
function spanOf(spanMs) {
  if (spanMs === 0) return 'at once';
  return spanMs % 3_600_000 === 0 ? `${spanMs / 3_600_000} h` : `${spanMs / 60_000} min`;
}
