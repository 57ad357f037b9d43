/**
 * Open-loop load: requests leave at times drawn beforehand, whether or not earlier ones are answered, and each
 * latency counts from its intended time. A server that stalls therefore pays for all that came meanwhile
 * (no coordinated omission). Runs in the bench's process.
 *
 * Timers are whole milliseconds, so a request may leave up to 1 ms late; that is part of every arm's latency.
 * Bounds: CONNECTIONS at once; further requests queue in the pool and their clock runs.
 */
import { Pool } from 'undici';
import { BenchError } from '../bench-error.js';
import { quantileOfSorted } from '../statistics/quantile.js';

const CONNECTIONS = 32;

/**
 * Poisson arrivals, as independent clients make them.
 *
 * @param {number} ratePerSecond
 * @param {number} durationMs
 * @param {import('../statistics/random.js').Random} random
 * @returns {number[]} Intended send times in ms from the start, ascending.
 */
export function poissonArrivals(ratePerSecond, durationMs, random) {
  const meanGapMs = 1000 / ratePerSecond;
  const times = [];
  for (let timeMs = 0; ; ) {
    timeMs -= Math.log(1 - random()) * meanGapMs;
    if (timeMs >= durationMs) return times;
    times.push(timeMs);
  }
}

/**
 * @typedef {object} Target What each request asks for.
 * @property {string | (() => string)} path A function gives another one for each request.
 * @property {Record<string, string>} [headers]
 */

/**
 * @typedef {object} LoadResult
 * @property {number} sent
 * @property {number} p50Us
 * @property {number} p99Us
 * @property {number} maxUs
 */

/**
 * Sends a GET at each of the given times and resolves when all are answered.
 *
 * @param {Pool} pool
 * @param {Target} target
 * @param {readonly number[]} arrivalsMs
 * @returns {Promise<LoadResult>}
 * @throws {BenchError} when an answer is not 200.
 */
export async function runOpenLoop(pool, target, arrivalsMs) {
  const latenciesUs = new Float64Array(arrivalsMs.length);
  const startMs = performance.now();
  /** @type {Promise<void>[]} */
  const answers = [];
  while (answers.length < arrivalsMs.length) {
    const index = answers.length;
    const intendedMs = startMs + /** @type {number} */ (arrivalsMs[index]);
    const waitMs = intendedMs - performance.now();
    if (waitMs > 0) {
      await new Promise((resolve) => setTimeout(resolve, waitMs));
      continue;
    }
    const answer = get(pool, target).then(() => {
      latenciesUs[index] = (performance.now() - intendedMs) * 1000;
    });
    // The first failure is thrown below; until then it must not count as unhandled.
    answer.catch(() => {});
    answers.push(answer);
  }
  await Promise.all(answers);
  latenciesUs.sort();
  return {
    sent: arrivalsMs.length,
    p50Us: quantileOfSorted(latenciesUs, 0.5),
    p99Us: quantileOfSorted(latenciesUs, 0.99),
    maxUs: quantileOfSorted(latenciesUs, 1),
  };
}

/**
 * Warms the server up: requests as fast as the connections allow. At a fixed rate the engine would still be
 * compiling when the measured part begins.
 *
 * @param {Pool} pool
 * @param {Target} target
 * @param {number} count
 */
export async function runBurst(pool, target, count) {
  let unsent = count;
  const connection = async () => {
    while (unsent-- > 0) await get(pool, target);
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));
}

/**
 * @param {number} port
 * @returns {Pool}
 */
export function loopbackPool(port) {
  return new Pool(`http://127.0.0.1:${port}`, { connections: CONNECTIONS, pipelining: 1 });
}

/**
 * @param {Pool} pool
 * @param {Target} target
 */
async function get(pool, { path: pathOrNext, headers = {} }) {
  const path = typeof pathOrNext === 'string' ? pathOrNext : pathOrNext();
  const { statusCode, body } = await pool.request({ method: 'GET', path, headers });
  await body.dump();
  if (statusCode !== 200)
    throw new BenchError(`GET ${path}: expected status 200, got ${statusCode}`);
}
