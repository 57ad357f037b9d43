/**
 * Believable users for the ERP: they log in, follow the pages of their role with time to think, mistype an
 * address or a password now and then, and leave before a page is there. Seeded, bounded in users and time.
 *
 *   node examples/erp/load.js --url http://127.0.0.1:3000 --for 60s --users 20
 */
import { setMaxListeners } from 'node:events';
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Agent } from 'undici';
import { openTally } from './load/tally.js';
import { useErp } from './load/user.js';
import { rowCounts } from './seed/rows.js';

const USERS_LIMIT = 500;
const ANSWER_MS_MAX = 15_000;
/** 20 users make about 100 requests a second with it. */
const THINK_MS_MEAN = 330;
/** Each over-delivery costs the ERP a connection (its leak), so they are few and far between. */
const OVER_DELIVERY_EVERY_MS = 20_000;
const OVER_DELIVERIES_MAX = 5;

/**
 * @typedef {object} LoadResult
 * @property {number} requests Sent, whatever came back; the sum over byRoute and over byStatus.
 * @property {Record<string, number>} byStatus "0" means no complete answer: aborted or failed.
 * @property {import('./load/tally.js').RouteCount[]} byRoute
 * @property {number} errors Network failures and time-outs; not answers with an error status.
 * @property {number} aborted Requests the user did not wait for.
 * @property {number} durationMs
 */

/**
 * @param {object} options
 * @param {string} options.baseUrl
 * @param {number} options.durationMs No request starts later; those under way are waited for.
 * @param {number} [options.usersMax]
 * @param {number} [options.seed] The same seed gives each user the same decisions; timing stays real.
 * @param {number} [options.scale] With which the database was seeded.
 * @param {number} [options.thinkMs] Mean pause between two steps of a user.
 * @param {boolean} [options.aborts] false: nobody leaves early, so that a server sees exactly what is counted.
 * @param {AbortSignal} [options.signal] Ends the run early, like the end of its time.
 * @param {(progress: { requests: number, elapsedMs: number }) => void} [options.onProgress] Every second.
 * @returns {Promise<LoadResult>}
 */
export async function runLoad({
  baseUrl,
  durationMs,
  usersMax = 20,
  seed = 1,
  scale = 1,
  thinkMs = THINK_MS_MEAN,
  aborts = true,
  signal,
  onProgress,
}) {
  if (!Number.isInteger(usersMax) || usersMax < 1 || usersMax > USERS_LIMIT) {
    throw new RangeError(`usersMax: expected 1 to ${USERS_LIMIT}, got ${usersMax}`);
  }
  const startedMs = performance.now();
  const elapsedMs = () => performance.now() - startedMs;
  const over = AbortSignal.timeout(durationMs);
  const stop = signal ? AbortSignal.any([over, signal]) : over;
  // Every pause of every user listens to it.
  setMaxListeners(usersMax + 10, stop);
  const timeouts = { headersTimeout: ANSWER_MS_MAX, bodyTimeout: ANSWER_MS_MAX };
  const dispatcher = new Agent({ ...timeouts, connections: usersMax, pipelining: 1 });
  const tally = openTally();
  let deliveries = 0;
  const run = {
    baseUrl,
    dispatcher,
    tally,
    stop,
    thinkMs,
    aborts,
    counts: rowCounts(scale),
    mayOverDeliver() {
      const due = elapsedMs() > (deliveries + 0.5) * OVER_DELIVERY_EVERY_MS;
      if (!due || deliveries >= OVER_DELIVERIES_MAX) return false;
      deliveries++;
      return true;
    },
  };
  const progress = setInterval(
    () => onProgress?.({ requests: tally.totals.requests, elapsedMs: elapsedMs() }),
    1_000,
  );
  try {
    const users = Array.from({ length: usersMax }, (_, index) => useErp(run, index, seed));
    await Promise.all(users);
  } finally {
    clearInterval(progress);
    await dispatcher.close();
  }
  const { byRoute, byStatus, totals } = tally;
  return { ...totals, byStatus: byStatus(), byRoute: byRoute(), durationMs: elapsedMs() };
}

/** @param {string} text For example 60s, 5m or 500ms. */
function readDurationMs(text) {
  const match = /^(\d+)(ms|s|m)$/.exec(text);
  if (match === null) throw new RangeError(`--for: expected 500ms, 60s or 5m, got "${text}"`);
  return Number(match[1]) * { ms: 1, s: 1_000, m: 60_000 }[match[2] ?? 's'];
}

async function main() {
  const { values } = parseArgs({
    options: {
      url: { type: 'string', default: 'http://127.0.0.1:3000' },
      for: { type: 'string', default: '60s' },
      users: { type: 'string', default: '20' },
      seed: { type: 'string', default: '1' },
      scale: { type: 'string', default: '1' },
    },
  });
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort());
  const result = await runLoad({
    baseUrl: values.url,
    durationMs: readDurationMs(values.for),
    usersMax: Number(values.users),
    seed: Number(values.seed),
    scale: Number(values.scale),
    signal: interrupted.signal,
  });
  for (const { method, route, status, count } of result.byRoute) {
    console.log(`${String(count).padStart(6)}  ${status}  ${method} ${route}`);
  }
  const { requests, errors, aborted, durationMs, byStatus } = result;
  const rate = (requests / durationMs) * 1_000;
  console.log(`${requests} requests, ${rate.toFixed(1)}/s, ${errors} errors, ${aborted} aborted`);
  console.log(byStatus);
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  main().catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
