/** The read routes: any query string is answered or refused, and never a fault of ours. */

import { decodeBatch } from '../../../dist/transport/decode-batch.js';
import { headerText } from '../../../dist/transport/header-text.js';
import { answerKind } from '../answer-kind.js';
import { goldenBatches } from '../seeds.js';
import { openCollectorApp } from './collector-app.js';

const PATHS = ['query', 'metrics', 'events', 'ledger', 'instances', 'services'];
const QUERIES = [
  'metric=http.server.request.duration&from=2023-11-14&to=2023-11-15&step=1m&group=http.route,service.name&limit=5',
  'metric=http.server.request.duration&from=-7d&to=now&group=*&histogram=1&where=http.route:/orders/:id&where=a:',
  'service=shop&from=1700000000000&to=1700000060000&limit=10',
  'service=%F0%9F%98%80&from=-1h30m&step=10s',
];

/** @type {ReturnType<typeof openFilled> | undefined} */
let collector;

/** @type {import('../run-target.js').Target} */
export const api = {
  name: 'api',
  seeds: () => QUERIES.flatMap((query, i) => [prefixed(0, query), prefixed(i + 1, query)]),
  async run(input) {
    collector ??= openFilled();
    const [first = 0] = input;
    const path = PATHS[first % PATHS.length];
    // What a URL cannot hold is escaped, as every client does.
    const query = new TextDecoder()
      .decode(input.subarray(1))
      .replace(/[^\x21-\x7e]|#/g, (text) => encodeURIComponent(text.toWellFormed()));
    const { said } = await (await collector).ask(`/v1/${path}?${query}`);
    return `${path} ${answerKind(said)}`;
  },
  async close() {
    await (await collector)?.close();
    collector = undefined;
  },
};

async function openFilled() {
  const opened = await openCollectorApp();
  for (const body of goldenBatches()) {
    const { agent, boot, sequence } = decodeBatch(body).identity;
    await opened.ask('/v1/batches', {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/msgpack',
        'tachograph-agent': headerText(agent),
        'tachograph-boot': boot,
        'tachograph-sequence': String(sequence),
      },
    });
  }
  return opened;
}

/**
 * @param {number} first
 * @param {string} query
 */
function prefixed(first, query) {
  return Uint8Array.from([first, ...new TextEncoder().encode(query)]);
}
