/**
 * A collector that only counts: `POST /v1/batches` on loopback, decoded with the product's own decoder. Runs in
 * the bench's process, one for each run. Proves that what is measured does its work: an agent whose export is
 * broken looks free.
 *
 * Bounds: a body and what it inflates to have a maximum; nothing of a batch is kept but sums.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { BOOT_HEADER, SEQUENCE_HEADER } from '../dist/transport/batch.js';
import { decodeBatch } from '../dist/transport/decode-batch.js';

/** The metric that has one record for each request. */
const REQUEST_METRIC = 'http.server.request.duration';
const BODY_BYTES_MAX = 8 * 1024 * 1024;

/**
 * @typedef {object} Received
 * @property {number} requests Sum of the counts of http.server.request.duration.
 * @property {number} batches
 * @property {number} wireBytes Bodies as they came, compressed.
 * @property {Record<string, number>} dropped The newest loss account, by reason.
 * @property {string[]} refused Why bodies could not be taken.
 */

/**
 * @typedef {object} BenchSink
 * @property {string} url
 * @property {Received} received
 * @property {() => Promise<void>} close
 */

/** @returns {Promise<BenchSink>} */
export async function startSink() {
  /** @type {Received} */
  const received = { requests: 0, batches: 0, wireBytes: 0, dropped: {}, refused: [] };
  /** @type {Set<string>} */
  const seen = new Set();
  const server = createServer((request, response) => {
    take(request, received, seen).then(
      () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'),
      (error) => {
        received.refused.push(error.message);
        response.writeHead(400).end(error.message);
      },
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/**
 * @param {import('node:http').IncomingMessage} request
 * @param {Received} received
 * @param {Set<string>} seen
 */
async function take(request, received, seen) {
  const { method, url, headers } = request;
  if (method !== 'POST' || url !== '/v1/batches') {
    throw new Error(`expected POST /v1/batches, got ${method} ${url}`);
  }
  /** @type {Buffer[]} */
  const chunks = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) throw new Error(`a body of more than ${BODY_BYTES_MAX} bytes`);
    chunks.push(chunk);
  }
  const batch = decodeBatch(inflate(Buffer.concat(chunks), headers['content-encoding']));
  received.wireBytes += bytes;

  // A batch whose answer was lost comes again under the same number.
  const key = `${headers[BOOT_HEADER]} ${headers[SEQUENCE_HEADER]}`;
  if (seen.has(key)) return;
  seen.add(key);
  received.batches += 1;
  received.dropped = { ...batch.ledger.dropped };
  for (const { series, count } of batch.histograms) {
    if (series.name === REQUEST_METRIC) received.requests += count;
  }
}

/**
 * @param {Buffer} body
 * @param {string | undefined} encoding
 */
function inflate(body, encoding = 'identity') {
  if (encoding === 'gzip') return gunzipSync(body, { maxOutputLength: BODY_BYTES_MAX });
  if (encoding === 'identity') return body;
  throw new Error(`expected gzip or identity, got content-encoding ${encoding}`);
}
