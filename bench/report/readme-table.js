/** The few figures that README shows, as Markdown. Pure: what is committed as bench/readme.json in, text out. */
import { barText, interval, table } from './markdown.js';

/** @typedef {import('../statistics/bootstrap.js').Interval} Interval */
/** @typedef {import('./summarise.js').Comparison} Comparison */
/** @typedef {import('./summarise.js').Cost} Cost */
/** @typedef {import('./markdown.js').Run} Run */

/**
 * @typedef {object} PublishedRun
 * @property {Run} run
 * @property {{ comparisons: readonly Comparison[], costs: readonly Cost[] }} findings Of the headlines only.
 */

const OWN_ARM = 'on';

/** What is worth a line in README. A row whose figure a run does not have is left out. */
const HEADLINES = [
  { harness: 'in-memory', value: 'processCpuUs', subject: 'fastify-hello' },
  { harness: 'in-memory', value: 'processCpuUs', subject: 'erp-order-page' },
  { harness: 'loopback', value: 'processCpuUs', subject: 'erp-order-page' },
  { harness: 'loopback', value: 'p99Us', subject: 'fastify-hello' },
  { harness: 'start-up', value: 'appCpuMs', subject: 'ESM entry' },
  { harness: 'start-up', value: 'appCpuMs', subject: 'ESM entry of a server' },
  { harness: 'start-up', value: 'appCpuMs', subject: 'CJS entry' },
  { harness: 'start-up', value: 'appCpuMs', subject: 'CJS entry, --require' },
  { harness: 'resting', value: 'rssBytes', subject: 'idle server' },
  { harness: 'resting', value: 'idleCpuPercent', subject: 'idle server' },
  { harness: 'resting', value: 'lastingIdleCpuPercent', subject: 'idle server' },
  { harness: 'wire', value: 'ownGzipBytes', subject: 'busy' },
  { harness: 'wire', value: 'ownGzipBytes', subject: 'quiet' },
];

/**
 * @param {{ measure: { harness: string, value: string }, subject: string }} finding
 * @returns {boolean}
 */
export function isHeadline(finding) {
  return HEADLINES.some((headline) => isOf(headline, finding));
}

/**
 * @param {readonly PublishedRun[]} runs
 * @returns {string} A caption and a table for each run; empty when there is none.
 */
export function renderReadmeTable(runs) {
  return runs.map(renderRun).join('\n\n');
}

/** @param {PublishedRun} published */
function renderRun({ run, findings }) {
  const { machine, date, plan, seed } = run;
  const arms = [...new Set(findings.comparisons.map(({ arm }) => arm))];
  const peers = arms.filter((arm) => arm !== OWN_ARM);
  const caption =
    `Added to the same application without it, median and 95 % interval: Node.js ${machine.node}, ${machine.processor} ` +
    `(${machine.cores} cores), ${date.slice(0, 10)}, Tachograph ${machine.tachograph}, ${plan} plan, seed ${seed}.`;
  const header = ['', 'Tachograph', 'promised', 'off/off noise', ...peers];
  const rows = HEADLINES.flatMap((headline) => rowOf(headline, findings, peers));
  return `${caption}\n\n${table(header, rows)}`;
}

/**
 * @param {typeof HEADLINES[number]} headline
 * @param {PublishedRun['findings']} findings
 * @param {readonly string[]} peers
 * @returns {string[][]} One row or none.
 */
function rowOf(headline, { comparisons, costs }, peers) {
  const cost = costs.find((finding) => isOf(headline, finding));
  if (cost !== undefined) {
    const { title, unit } = cost.measure;
    const others = ['—', ...peers.map(() => '—')];
    return [[`${title}, ${unit}`, interval(cost.interval), barText(cost.bar), ...others]];
  }
  const ofArm = (/** @type {string} */ name) =>
    comparisons.find((finding) => finding.arm === name && isOf(headline, finding));
  const own = ofArm(OWN_ARM);
  if (own === undefined) return [];
  const { title, unit } = own.measure;
  // What is promised as a share is shown as one, the peers' and the noise too.
  const isShare = typeof own.bar === 'object';
  const added = (/** @type {Comparison | undefined} */ finding) => {
    if (finding === undefined) return '—';
    return isShare ? shareAdded(finding.ratio) : interval(finding.difference);
  };
  return [
    [
      `${headline.subject} (${headline.harness}): ${title}, ${isShare ? '%' : unit}`,
      added(own),
      barText(own.bar),
      isShare ? interval(scaled(own.noise, 100 / own.baseline.median)) : interval(own.noise),
      ...peers.map((peer) => added(ofArm(peer))),
    ],
  ];
}

/** @param {Interval | undefined} ratio To the baseline. */
function shareAdded(ratio) {
  if (ratio === undefined) return '—';
  const { median, low, high, rounds } = ratio;
  return interval(scaled({ median: median - 1, low: low - 1, high: high - 1, rounds }, 100));
}

/**
 * @param {Interval} of
 * @param {number} factor
 * @returns {Interval}
 */
function scaled({ median, low, high, rounds }, factor) {
  return { median: median * factor, low: low * factor, high: high * factor, rounds };
}

/**
 * @param {typeof HEADLINES[number]} headline
 * @param {{ measure: { harness: string, value: string }, subject: string }} finding
 */
function isOf({ harness, value, subject }, finding) {
  const { measure } = finding;
  return measure.harness === harness && measure.value === value && finding.subject === subject;
}
