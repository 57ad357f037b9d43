/** The findings as Markdown, for a terminal and for docs alike. */
import { isBusy } from '../machine/describe-machine.js';
import { ROUNDS_FOR_A_CLAIM_MIN } from '../statistics/bootstrap.js';

/** @typedef {import('./summarise.js').Comparison} Comparison */
/** @typedef {import('./summarise.js').Cost} Cost */

/**
 * @typedef {object} Run
 * @property {string} plan
 * @property {Record<string, Record<string, unknown>>} times How long each harness ran, warm-up and all (timesOf in plan.js).
 * @property {number} seed
 * @property {string} date ISO 8601
 * @property {string} command
 * @property {import('../machine/describe-machine.js').Machine} machine
 * @property {readonly string[]} peers Names with versions.
 * @property {readonly string[]} leftOut Workloads that want PostgreSQL, where there is none.
 */

/**
 * @param {Run} run
 * @param {{ comparisons: readonly Comparison[], costs: readonly Cost[] }} findings
 * @returns {string}
 */
export function renderReport(run, { comparisons, costs }) {
  const parts = [renderRun(run)];
  if (comparisons.length > 0) parts.push(renderComparisons(comparisons));
  if (costs.length > 0) parts.push(renderCosts(costs));
  return `${parts.join('\n\n')}\n`;
}

/** @param {Run} run */
function renderRun({ plan, seed, date, command, machine, peers, leftOut }) {
  const { processor, cores, memoryBytes, system, node, tachograph, loadAtStart } = machine;
  const memoryGb = (memoryBytes / 1024 ** 3).toFixed(0);
  const lines = [
    `Tachograph ${tachograph} on Node.js ${node}, ${system}, ${processor} (${cores} cores), ${memoryGb} GB.`,
    `${date}, plan ${plan}, seed ${seed}: \`${command}\``,
  ];
  if (peers.length > 0) lines.push(`Peers: ${peers.join(', ')}.`);
  if (leftOut.length > 0) lines.push(`Left out, no PostgreSQL was found: ${leftOut.join(', ')}.`);
  if (isBusy(machine)) {
    lines.push(
      `**The machine was busy** (load average ${loadAtStart.toFixed(2)} at the start): do not quote these figures.`,
    );
  }
  return lines.join('\n');
}

/** @param {readonly Comparison[]} comparisons */
function renderComparisons(comparisons) {
  const header = [
    'measure',
    'off: median (min)',
    'on: median (min)',
    'off/off noise',
    'on − off: median [95 % interval]',
    'bar',
    'verdict',
  ];
  return table(
    header,
    comparisons.map((row) => {
      const { measure, arm, subject, baseline, treatment, noise, difference, ratio } = row;
      const name = arm === 'on' ? '' : ` (${arm})`;
      const relative = ratio === undefined ? '' : `, ${percent(ratio.median)}`;
      return [
        `${measure.harness}, ${subject}: ${measure.title}, ${measure.unit}${name}`,
        `${number(baseline.median)} (${number(baseline.min)})`,
        `${number(treatment.median)} (${number(treatment.min)})`,
        interval(noise),
        `${interval(difference)}${relative}`,
        barText(row.bar),
        verdictText(row),
      ];
    }),
  );
}

/** @param {readonly Cost[]} costs */
function renderCosts(costs) {
  return table(
    ['part', 'median [95 % interval]', 'bar', 'verdict'],
    costs.map((row) => [
      `${row.measure.title}, ${row.measure.unit}`,
      interval(row.interval),
      barText(row.bar),
      verdictText({ ...row, difference: row.interval }),
    ]),
  );
}

/**
 * @param {readonly string[]} header
 * @param {readonly (readonly string[])[]} rows
 */
export function table(header, rows) {
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (/** @type {readonly string[]} */ cells) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(header), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join(
    '\n',
  );
}

/** @param {import('../statistics/bootstrap.js').Interval} of */
export function interval({ median, low, high }) {
  return `${number(median)} [${number(low)}, ${number(high)}]`;
}

/**
 * Three significant digits, never an exponent.
 *
 * @param {number} value
 */
export function number(value) {
  const magnitude = Math.abs(value);
  const digits = magnitude >= 100 ? 0 : magnitude >= 10 ? 1 : magnitude >= 1 ? 2 : 3;
  const text = value.toFixed(digits);
  return Number(text) === 0 ? '0' : text.replace('-', '−');
}

/** @param {number} ratio */
function percent(ratio) {
  const change = (ratio - 1) * 100;
  return `${change < 0 ? '−' : '+'}${Math.abs(change).toFixed(1)} %`;
}

/** @param {import('../measures.js').Bar | undefined} bar */
export function barText(bar) {
  if (bar === undefined) return '—';
  if (bar === 'noise') return 'within noise';
  return typeof bar === 'number' ? `≤ ${bar}` : `≤ ${bar.percentMax} %`;
}

/** @param {Pick<Comparison, 'verdict' | 'bar' | 'difference'> & Partial<Pick<Comparison, 'ratio'>>} of */
function verdictText({ verdict, bar, difference, ratio }) {
  const { high, rounds } = difference;
  switch (verdict) {
    case undefined:
      return '—';
    case 'holds':
      return typeof bar === 'object' && ratio !== undefined
        ? `holds: ≤ ${percent(ratio.high)}`
        : `holds: ≤ ${number(high)}`;
    case 'cannot tell':
      return rounds < ROUNDS_FOR_A_CLAIM_MIN
        ? `cannot tell: ${rounds} of ${ROUNDS_FOR_A_CLAIM_MIN} rounds`
        : 'cannot tell';
    case 'missed':
      return 'missed';
  }
}
