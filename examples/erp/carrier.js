/**
 * A small freight company: GET /v2/rates?country=DE&weight=1200 answers three rates. It takes as long as such
 * services take (log-normal, median 15 ms, p99 about 110 ms) and fails one time in 150.
 *
 *   node examples/erp/carrier.js [PORT]   as an own server; the ERP forks it when it is given no other carrier.
 */

import { realpathSync } from 'node:fs';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { seededRandom } from './load/random.js';

const MEDIAN_MS = 15;
/** ln(p99 / median) / 2.33 */
const SIGMA = 0.86;
const DELAY_MS_MAX = 800;
const FAILURE_SHARE = 1 / 150;
const CARRIERS = ['Bluebird', 'Kestrel', 'Heron'];

/**
 * @param {{ seed?: number, port?: number }} [options] port 0 means any free one.
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 */
export async function startCarrier({ seed = 7, port = 0 } = {}) {
  const random = seededRandom(seed);
  const server = createServer((req, res) => {
    const url = new URL(req.url ?? '/', 'http://carrier');
    const fails = random() < FAILURE_SHARE;
    const answer = () => {
      const weightGrams = Number(url.searchParams.get('weight'));
      if (url.pathname !== '/v2/rates') reply(res, 404, { error: 'unknown address' });
      else if (!(weightGrams > 0)) reply(res, 400, { error: 'weight: expected grams' });
      else if (fails) reply(res, 503, { error: 'tariff server is busy' });
      else reply(res, 200, rates(weightGrams, url.searchParams.get('country') ?? 'DE'));
    };
    setTimeout(answer, delayMs(random));
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(undefined));
  });
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve(undefined));
        server.closeAllConnections();
      }),
  };
}

/** @param {() => number} random */
function delayMs(random) {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Math.min(DELAY_MS_MAX, MEDIAN_MS * Math.exp(SIGMA * normal));
}

/**
 * @param {number} weightGrams
 * @param {string} country
 */
function rates(weightGrams, country) {
  const abroad = country === 'DE' ? 1 : 1.6;
  return CARRIERS.map((carrier, index) => ({
    carrier,
    costCents: Math.round((450 + (weightGrams / 1000) * (80 + 15 * index)) * abroad),
    days: 4 - index,
  })).sort((a, b) => a.costCents - b.costCents);
}

/**
 * @param {import('node:http').ServerResponse} res
 * @param {number} status
 * @param {unknown} body
 */
function reply(res, status, body) {
  res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const { url, close } = await startCarrier({ port: Number(process.argv[2] ?? 0) });
  if (process.send) {
    // Forked by the ERP: it learns our address over the channel, and we end when the channel does.
    process.send({ url });
    process.once('disconnect', close);
    process.once('SIGTERM', () => process.disconnect?.());
    // Ctrl-C reaches the whole terminal group; the ERP decides when we end.
    process.on('SIGINT', () => {});
  } else {
    console.log(`carrier listening on ${url}`);
    process.once('SIGTERM', close);
    process.once('SIGINT', close);
  }
}
