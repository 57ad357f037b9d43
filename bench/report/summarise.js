/** From rows to findings: medians with intervals, the noise floor beside them, and a verdict where there is a bar. */
import { medianInterval } from '../statistics/bootstrap.js';
import { median } from '../statistics/quantile.js';
import { createRandom } from '../statistics/random.js';
import { verdictOf, verdictWithinNoise } from '../statistics/verdict.js';

const RUNNING_MAJOR = Number.parseInt(process.versions.node, 10);

/** @typedef {import('../statistics/bootstrap.js').Interval} Interval */
/** @typedef {import('../harnesses/rows.js').Row} Row */
/** @typedef {import('../measures.js').Measure} Measure */

/**
 * @typedef {object} Spread What one arm's runs showed.
 * @property {number} median
 * @property {number} min
 */

/**
 * @typedef {object} Comparison
 * @property {Measure} measure
 * @property {string} subject
 * @property {string} arm The treatment or a peer.
 * @property {Spread} baseline
 * @property {Spread} treatment
 * @property {Interval} noise Repeat − baseline, round by round.
 * @property {Interval} difference Treatment − baseline, round by round.
 * @property {Interval | undefined} ratio Treatment / baseline; absent when a baseline is 0.
 * @property {import('../measures.js').Bar | undefined} bar
 * @property {import('../statistics/verdict.js').Verdict | undefined} verdict
 */

/**
 * @typedef {object} Cost
 * @property {Measure} measure
 * @property {string} subject
 * @property {Interval} interval
 * @property {import('../measures.js').Bar | undefined} bar
 * @property {import('../statistics/verdict.js').Verdict | undefined} verdict
 */

/**
 * @param {readonly Row[]} rows
 * @param {readonly Measure[]} measures
 * @param {readonly import('../arms.js').Arm[]} arms
 * @param {number} seed
 * @param {number} [nodeMajor] Of the measured Node.js: some bars depend on it.
 * @returns {{ comparisons: Comparison[], costs: Cost[] }}
 */
export function summarise(rows, measures, arms, seed, nodeMajor = RUNNING_MAJOR) {
  /** @type {Comparison[]} */
  const comparisons = [];
  /** @type {Cost[]} */
  const costs = [];
  for (const measure of measures) {
    const own = rows.filter(
      (row) => row.harness === measure.harness && measure.value in row.values,
    );
    for (const subject of new Set(own.map((row) => row.subject))) {
      if (measure.subject !== undefined && measure.subject !== subject) continue;
      const bar = measure.bar(subject, nodeMajor);
      if (measure.kind === 'interval') {
        costs.push(...own.map((row) => measuredInterval(measure, bar, row, arms)));
        continue;
      }
      const table = byArm(own, subject, measure);
      if (measure.kind === 'absolute') {
        costs.push(costOf(measure, subject, bar, [...(table.get('-')?.values() ?? [])], seed));
        continue;
      }
      for (const { name, role } of arms) {
        if ((role !== 'treatment' && role !== 'peer') || !table.has(name)) continue;
        // What we promise, we promise of ourselves.
        comparisons.push(
          compare(measure, subject, role === 'peer' ? undefined : bar, name, table, arms, seed),
        );
      }
    }
  }
  return { comparisons, costs };
}

/**
 * Values in the unit shown, by arm and round.
 *
 * @param {readonly Row[]} rows
 * @param {string} subject
 * @param {Measure} measure
 * @returns {Map<string, Map<number, number>>}
 */
function byArm(rows, subject, { value, per }) {
  /** @type {Map<string, Map<number, number>>} */
  const table = new Map();
  for (const row of rows) {
    if (row.subject !== subject) continue;
    const rounds = table.get(row.arm) ?? new Map();
    rounds.set(row.round, /** @type {number} */ (row.values[value]) / per);
    table.set(row.arm, rounds);
  }
  return table;
}

/**
 * @param {Measure} measure
 * @param {string} subject
 * @param {import('../measures.js').Bar | undefined} bar
 * @param {string} arm
 * @param {Map<string, Map<number, number>>} table
 * @param {readonly import('../arms.js').Arm[]} arms
 * @param {number} seed
 * @returns {Comparison}
 */
function compare(measure, subject, bar, arm, table, arms, seed) {
  const ofRole = (/** @type {string} */ role) =>
    table.get(arms.find((row) => row.role === role)?.name ?? '') ?? new Map();
  const baseline = ofRole('baseline');
  const treatment = table.get(arm) ?? new Map();
  const stream = `${measure.harness} ${measure.value} ${subject} ${arm}`;
  const intervalOf = (/** @type {number[]} */ values, /** @type {string} */ what) =>
    medianInterval(values, createRandom(seed, `bootstrap ${stream} ${what}`));

  const minus = (/** @type {number} */ a, /** @type {number} */ b) => a - b;
  const noise = intervalOf(pair(ofRole('repeat'), baseline, minus), 'noise');
  const difference = intervalOf(pair(treatment, baseline, minus), 'difference');
  const hasRatio = [...baseline.values()].every((value) => value > 0);
  const ratio = hasRatio
    ? intervalOf(
        pair(treatment, baseline, (a, b) => a / b),
        'ratio',
      )
    : undefined;
  return {
    measure,
    subject,
    arm,
    baseline: spreadOf(baseline),
    treatment: spreadOf(treatment),
    noise,
    difference,
    ratio,
    bar,
    verdict: judge(bar, { difference, noise, ratio, center: median([...baseline.values()]) }),
  };
}

/**
 * @param {import('../measures.js').Bar | undefined} bar
 * @param {{ difference: Interval, noise: Interval, ratio: Interval | undefined, center: number }} of
 */
function judge(bar, { difference, noise, ratio, center }) {
  if (bar === undefined) return undefined;
  if (bar === 'noise') return verdictWithinNoise(difference, noise, center);
  if (typeof bar === 'number') return verdictOf(difference, bar);
  return ratio === undefined ? 'cannot tell' : verdictOf(ratio, 1 + bar.percentMax / 100);
}

/**
 * @param {Measure} measure
 * @param {string} subject
 * @param {import('../measures.js').Bar | undefined} bar
 * @param {number[]} values
 * @param {number} seed
 * @returns {Cost}
 */
function costOf(measure, subject, bar, values, seed) {
  const random = createRandom(seed, `bootstrap ${measure.harness} ${measure.value} ${subject}`);
  const interval = medianInterval(values, random);
  const verdict = typeof bar === 'number' ? verdictOf(interval, bar) : undefined;
  return { measure, subject, interval, bar, verdict };
}

/**
 * @param {Measure} measure
 * @param {import('../measures.js').Bar | undefined} barOfOurs
 * @param {Row} row
 * @param {readonly import('../arms.js').Arm[]} arms
 * @returns {Cost}
 */
function measuredInterval(measure, barOfOurs, { subject, arm, values }, arms) {
  const shown = (/** @type {string} */ end) =>
    /** @type {number} */ (values[`${measure.value}${end}`]) / measure.per;
  const interval = {
    median: shown(''),
    low: shown('Low'),
    high: shown('High'),
    rounds: values.points ?? 0,
  };
  const isOurs = arms.some(({ name, role }) => name === arm && role === 'treatment');
  const bar = isOurs ? barOfOurs : undefined;
  const verdict = typeof bar === 'number' ? verdictOf(interval, bar) : undefined;
  const titled = { ...measure, title: `${measure.title} (${arm})` };
  return { measure: titled, subject, interval, bar, verdict };
}

/**
 * One number for each round that both arms have.
 *
 * @param {ReadonlyMap<number, number>} a
 * @param {ReadonlyMap<number, number>} b
 * @param {(a: number, b: number) => number} combine
 */
function pair(a, b, combine) {
  return [...a].flatMap(([round, value]) => {
    const other = b.get(round);
    return other === undefined ? [] : [combine(value, other)];
  });
}

/** @param {ReadonlyMap<number, number>} rounds */
function spreadOf(rounds) {
  const values = [...rounds.values()];
  return { median: median(values), min: Math.min(...values) };
}
