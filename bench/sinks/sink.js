/**
 * A collector that only counts: an HTTP server on loopback that reads what one kind of agent exports. Runs in the
 * bench's process, one for each run. Proves that what is measured does its work: an agent whose export is broken
 * looks free. One file beside this one is one protocol.
 *
 * Bounds: a body and what it inflates to have a maximum; nothing of a body is kept but sums.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { gunzipSync, inflateSync } from 'node:zlib';

const BODY_BYTES_MAX = 64 * 1024 * 1024;
const REFUSED_MAX = 10;

/**
 * @typedef {object} Received
 * @property {number} requests How many requests to the application it was told of.
 * @property {number} batches Exports that could tell of requests; questions and heartbeats do not count.
 * @property {number} wireBytes All bodies as they came, compressed.
 * @property {Record<string, number>} dropped The agent's newest account of losses, by reason, where it gives one.
 * @property {string[]} refused Why bodies could not be taken: the first REFUSED_MAX.
 */

/**
 * @typedef {object} Exported One request to the sink.
 * @property {string} method
 * @property {string} path Without query.
 * @property {import('node:http').IncomingHttpHeaders} headers
 * @property {Buffer} body Inflated.
 */

/**
 * @typedef {object} Answer
 * @property {number} [status] 200 by default.
 * @property {unknown} [json] `{}` by default.
 */

/**
 * @typedef {object} Protocol
 * @property {boolean} reportsIdle Whether something arrives even when no request came.
 * @property {() => (exported: Exported, received: Received) => Answer} createReader One reader for each run. It adds
 *   to what was received, or throws when it cannot read the body.
 */

/**
 * @typedef {object} BenchSink
 * @property {string} url
 * @property {Received} received
 * @property {() => Promise<void>} close
 */

/** @type {Protocol} Of an arm that must export nothing. */
export const NOTHING = {
  reportsIdle: false,
  createReader: () => (exported) => {
    throw new Error(`expected no export, got ${exported.method} ${exported.path}`);
  },
};

/**
 * @param {Protocol} [protocol]
 * @returns {Promise<BenchSink>}
 */
export async function startSink(protocol = NOTHING) {
  /** @type {Received} */
  const received = { requests: 0, batches: 0, wireBytes: 0, dropped: {}, refused: [] };
  const read = protocol.createReader();
  const server = createServer(async (request, response) => {
    try {
      const { status = 200, json = {} } = read(await exportedIn(request, received), received);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
    } catch (error) {
      const { message } = /** @type {Error} */ (error);
      if (received.refused.length < REFUSED_MAX) received.refused.push(message);
      response.writeHead(400).end(message);
    }
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
 * @returns {Promise<Exported>}
 */
async function exportedIn(request, received) {
  /** @type {Buffer[]} */
  const chunks = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) throw new Error(`a body of more than ${BODY_BYTES_MAX} bytes`);
    chunks.push(chunk);
  }
  received.wireBytes += bytes;
  const { method = '', url = '', headers } = request;
  const body = inflate(Buffer.concat(chunks), headers['content-encoding']);
  return { method, path: url.split('?', 1)[0] ?? '', headers, body };
}

/**
 * @param {Buffer} body
 * @param {string | undefined} encoding
 */
function inflate(body, encoding = 'identity') {
  const limits = { maxOutputLength: BODY_BYTES_MAX };
  if (encoding === 'gzip') return gunzipSync(body, limits);
  if (encoding === 'deflate') return inflateSync(body, limits);
  if (encoding === 'identity') return body;
  throw new Error(`expected gzip, deflate or identity, got content-encoding ${encoding}`);
}
