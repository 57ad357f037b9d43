/**
 * Bytes on the wire of one series and window, ours and OpenTelemetry's of the same values, with the error of the
 * percentiles that can be read from them. Nothing is timed, so it runs in the bench's own process.
 */
import { gzipSync } from 'node:zlib';
import { createRandom, latenciesUs } from '../statistics/random.js';
import { installOtlp } from '../wire/install-otlp.js';
import { otlpEncodings } from '../wire/otlp-encodings.js';
import { OWN } from '../wire/own-encoding.js';
import { exactPercentiles, worstErrorPercent } from '../wire/percentile-error.js';

/** @typedef {import('../wire/own-encoding.js').Encoding} Encoding */

const SERIES = 50;
/** How many values a series has in a window. */
const KINDS = [
  { subject: 'busy', countMin: 2000, countMax: 2000 },
  { subject: 'quiet', countMin: 1, countMax: 3 },
];

/** @type {import('./rows.js').Harness} */
export async function wire({ plan, seed, progress }) {
  const { rounds, withOtlp } = plan.wire;
  const encodings = [OWN, ...(withOtlp ? otlpEncodings(installOtlp(progress)) : [])];
  /** @type {import('./rows.js').Row[]} */
  const rows = [];
  for (let round = 0; round < rounds; round++) {
    for (const { subject, countMin, countMax } of KINDS) {
      const random = createRandom(seed + round, `wire ${subject}`);
      const seriesUs = Array.from({ length: SERIES }, () => {
        const count = countMin + Math.floor(random() * (countMax - countMin + 1));
        return latenciesUs(count, random);
      });
      const values = await measure(encodings, seriesUs);
      rows.push({ harness: 'wire', subject, arm: '-', round, values });
      progress(
        `wire ${subject} round ${round + 1}/${rounds}: ${values.ownGzipBytes?.toFixed(0)} B`,
      );
    }
  }
  return rows;
}

/**
 * @param {readonly Encoding[]} encodings Ours first.
 * @param {readonly (readonly number[])[]} seriesUs
 */
async function measure(encodings, seriesUs) {
  const exact = seriesUs.map(exactPercentiles);
  /** @type {Record<string, number>} */
  const values = {};
  for (const { name, gzipLevel, encode } of encodings) {
    const { body, percentilesUs } = await encode(seriesUs);
    const empty = (await encode([])).body;
    const gzipBytes = (/** @type {Uint8Array} */ of) => gzipSync(of, { level: gzipLevel }).length;
    values[`${name}PlainBytes`] = (body.length - empty.length) / SERIES;
    values[`${name}GzipBytes`] = (gzipBytes(body) - gzipBytes(empty)) / SERIES;
    values[`${name}ErrorPercent`] = worstErrorPercent(percentilesUs, exact);
    if (name === OWN.name) continue;
    for (const what of ['GzipBytes', 'ErrorPercent']) {
      values[`${name}${what}Ratio`] = at(values, OWN.name + what) / at(values, name + what);
    }
  }
  return values;
}

/**
 * @param {Readonly<Record<string, number>>} values
 * @param {string} key
 */
function at(values, key) {
  return /** @type {number} */ (values[key]);
}
