/** The few figures that README shows, as Markdown. Pure: what is committed as bench/readme.json in, text out. */
import { barText, interval, table } from './markdown.js';

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
  { harness: 'loopback', value: 'processCpuUs', subject: 'erp-order-page' },
  { harness: 'loopback', value: 'p99Us', subject: 'fastify-hello' },
  { harness: 'start-up', value: 'appCpuMs', subject: 'ESM entry' },
  { harness: 'resting', value: 'rssBytes', subject: 'idle server' },
  { harness: 'resting', value: 'idleCpuPercent', subject: 'idle server' },
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
  const added = (/** @type {Comparison | undefined} */ finding) =>
    finding === undefined ? '—' : interval(finding.difference);
  return [
    [
      `${headline.subject}: ${title}, ${unit}`,
      added(own),
      barText(own.bar),
      interval(own.noise),
      ...peers.map((peer) => added(ofArm(peer))),
    ],
  ];
}

/**
 * @param {typeof HEADLINES[number]} headline
 * @param {{ measure: { harness: string, value: string }, subject: string }} finding
 */
function isOf({ harness, value, subject }, finding) {
  const { measure } = finding;
  return measure.harness === harness && measure.value === value && finding.subject === subject;
}
