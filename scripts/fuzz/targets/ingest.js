/**
 * The ingest endpoint, with a store. The first byte of an input chooses the encoding, the rest is the
 * body. Any body is stored once or refused with a reason; nothing is logged as our fault, no memory stays
 * taken, and what is stored can be read: the ledger, the metrics and each metric of the batch.
 */
import { gunzipSync, gzipSync } from 'node:zlib';
import { INFLATED_BYTES_MAX } from '../../../dist/collector/ingest/read-body.js';
import { decodeBatch } from '../../../dist/transport/decode-batch.js';
import { answerKind } from '../answer-kind.js';
import { goldenBatches } from '../seeds.js';
import { openCollectorApp } from './collector-app.js';

/** Around the golden batches, and what mutation makes of their times. */
const RANGE = 'from=2023-11-01&to=2023-11-17';
const QUERIES_MAX = 3;

/** @type {Awaited<ReturnType<typeof openCollectorApp>> | undefined} */
let collector;

/** @type {import('../run-target.js').Target} */
export const ingest = {
  name: 'ingest',
  seeds: () => goldenBatches().flatMap((body) => [0, 1, 2].map((first) => prefixed(first, body))),
  async run(input) {
    collector ??= await openCollectorApp();
    const { body, headers, rest } = requestOf(input);
    const init = { method: 'POST', body, headers };
    const { status, said } = await collector.ask('/v1/batches', init);
    if (status !== 200) return answerKind(said);
    const again = await collector.ask('/v1/batches', init);
    if (again.body.duplicate !== true) throw new Error('the same batch was stored twice');
    for (const path of ['/v1/ledger', `/v1/metrics?${RANGE}`]) {
      if ((await collector.ask(path)).status !== 200) throw new Error(`${path} cannot be read`);
    }
    // Answered, if only with "no such metric": one without values leaves none.
    for (const path of queriesOf(decodeBatch(rest))) await collector.ask(path);
    return 'stored';
  },
  async close() {
    await collector?.close();
    collector = undefined;
  },
};

/** @param {Uint8Array} input */
function requestOf(input) {
  const [first = 0] = input;
  const rest = input.subarray(1);
  // What is not gzip by chance is made so: most mutations of gzip are refused for its checksum.
  const body = first % 3 === 1 ? gzipSync(rest) : rest;
  return {
    body,
    rest: first % 3 === 2 ? bounded(rest) : rest,
    headers: {
      'content-type': 'application/msgpack',
      ...(first % 3 === 0 ? {} : { 'content-encoding': 'gzip' }),
      ...identityOf(rest),
    },
  };
}

/**
 * What is gzip already, inflated; nothing when it is not.
 * @param {Uint8Array} bytes
 */
function bounded(bytes) {
  try {
    return gunzipSync(bytes, { maxOutputLength: INFLATED_BYTES_MAX });
  } catch {
    return new Uint8Array();
  }
}

/**
 * A question for each metric of a batch, in every form that an answer has.
 * @param {ReturnType<typeof decodeBatch>} batch
 */
function queriesOf(batch) {
  const points = [...batch.histograms, ...batch.counters, ...batch.gauges];
  const names = new Set(points.map(({ series }) => series.name).filter((name) => name !== ''));
  return [...names].slice(0, QUERIES_MAX).map((name) => {
    const metric = encodeURIComponent(name.toWellFormed());
    return `/v1/query?metric=${metric}&${RANGE}&step=1h&group=*&histogram=1`;
  });
}

/**
 * The identity in the body, when there is one: otherwise headers would contradict every other body.
 * @param {Uint8Array} body
 */
function identityOf(body) {
  let identity = { agent: 'a', boot: 'b', sequence: 1 };
  try {
    identity = decodeBatch(body).identity;
  } catch {
    // Refused for its body, whatever the headers are.
  }
  return {
    'tachograph-agent': headerText(identity.agent),
    'tachograph-boot': headerText(identity.boot),
    'tachograph-sequence': String(identity.sequence),
  };
}

/** @param {string} text */
function headerText(text) {
  return text.replace(/[^\x20-\x7e]/g, '?');
}

/**
 * @param {number} first
 * @param {Uint8Array} body
 */
function prefixed(first, body) {
  return Uint8Array.from([first, ...(first === 2 ? gzipSync(body) : body)]);
}
