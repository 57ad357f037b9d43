/**
 * The ingest endpoint, with a store. The first byte of an input chooses the encoding and the clock of the
 * sender, the rest is the body. Any body is stored once or refused with a reason; nothing is logged as our
 * fault, no memory stays taken, and what is stored can be read: the ledger, the metrics and each metric of
 * the batch.
 */
import { gunzipSync, gzipSync } from 'node:zlib';
import { INFLATED_BYTES_MAX } from '../../../dist/collector/ingest/read-body.js';
import { decodeBatch } from '../../../dist/transport/decode-batch.js';
import { encodeBatch } from '../../../dist/transport/encode-batch.js';
import { headerText } from '../../../dist/transport/header-text.js';
import { answerKind } from '../answer-kind.js';
import { goldenBatches } from '../seeds.js';
import { NOW_MS, openCollectorApp } from './collector-app.js';

/** @typedef {import('../../../dist/transport/batch.js').Batch} Batch */

/** Around the golden batches, and what mutation makes of their times. */
const RANGE = 'from=2023-11-01&to=2023-11-17';
const QUERIES_MAX = 3;
const ENCODINGS = 3;
const HOUR_MS = 3_600_000;
/** The sender's clock as it says it: right, fast, slow, a day too fast, reset, none, nonsense. */
const SENT = [
  NOW_MS,
  NOW_MS + HOUR_MS,
  NOW_MS - 72 * HOUR_MS,
  NOW_MS + 25 * HOUR_MS,
  0,
  undefined,
  'soon',
];

const BOOT_BYTES = 8;
/** Then another store: a day has room for so many processes, and each reading of the ledger lists all. */
const BOOTS_MAX = 500;

/** @type {Awaited<ReturnType<typeof openCollectorApp>> | undefined} */
let collector;
/** Boots that this store was given. */
let boots = 0;

/** @type {import('../run-target.js').Target} */
export const ingest = {
  name: 'ingest',
  seeds() {
    const firsts = [1, 2, ...SENT.map((_, clock) => clock * ENCODINGS)];
    return goldenBatches().flatMap((body) => firsts.map((first) => prefixed(first, body)));
  },
  async run(input) {
    if (boots >= BOOTS_MAX) await ingest.close?.();
    collector ??= await openCollectorApp();
    const { init, batch } = requestOf(input);
    const first = await collector.ask('/v1/batches', init);
    if (first.status !== 200) return answerKind(first.said);
    if (batch === undefined) throw new Error('what is no batch was stored');
    // Each has a boot of its own: a duplicate would be answered before anything is checked.
    if (first.body.duplicate !== false) throw new Error('a new batch was taken for an old one');
    const again = await collector.ask('/v1/batches', init);
    if (again.body.duplicate !== true) throw new Error('the same batch was stored twice');
    for (const path of ['/v1/ledger', `/v1/metrics?${RANGE}`]) {
      if ((await collector.ask(path)).status !== 200) throw new Error(`${path} cannot be read`);
    }
    // Answered, if only with "no such metric": one without values leaves none.
    for (const path of queriesOf(batch)) await collector.ask(path);
    return `stored, sent at ${init.headers['tachograph-sent']}`;
  },
  async close() {
    await collector?.close();
    collector = undefined;
    boots = 0;
  },
};

/** @param {Uint8Array} input */
function requestOf(input) {
  const [first = 0] = input;
  const encoding = first % ENCODINGS;
  const given = input.subarray(1);
  const { plain, batch } = withNewBoot(encoding === 2 ? inflated(given) : given);
  // What is not gzip by chance is made so: most mutations of gzip are refused for its checksum.
  const isBatch = batch !== undefined;
  const body = encoding === 0 ? plain : encoding === 1 || isBatch ? gzipSync(plain) : given;
  const { agent, boot, sequence } = batch?.identity ?? { agent: 'a', boot: 'b', sequence: 1 };
  const sent = SENT[Math.floor(first / ENCODINGS) % SENT.length];
  /** @type {Record<string, string>} */
  const headers = {
    'content-type': 'application/msgpack',
    ...(encoding === 0 ? {} : { 'content-encoding': 'gzip' }),
    'tachograph-agent': headerText(agent),
    'tachograph-boot': headerText(boot),
    'tachograph-sequence': String(sequence),
    ...(sent === undefined ? {} : { 'tachograph-sent': String(sent) }),
  };
  return { init: { method: 'POST', body, headers }, batch };
}

/**
 * A batch with a boot that no other has; what is no batch as it is. The boot's own bytes are replaced, so
 * that all others stay as mutation made them; one too short for that is written anew, in our own words.
 * @param {Uint8Array} bytes
 * @returns {{ plain: Uint8Array, batch: Batch | undefined }}
 */
function withNewBoot(bytes) {
  const batch = decoded(bytes);
  if (batch === undefined) return { plain: bytes, batch };
  const fresh = String(++boots).padStart(BOOT_BYTES, '0');
  const plain = Buffer.from(bytes);
  const at = plain.indexOf(Buffer.from(batch.identity.boot));
  if (Buffer.byteLength(batch.identity.boot) >= BOOT_BYTES && at > 0) plain.write(fresh, at);
  const renamed = decoded(plain);
  if (renamed?.identity.boot.startsWith(fresh)) return { plain, batch: renamed };
  const other = { ...batch, identity: { ...batch.identity, boot: fresh } };
  return { plain: encodeBatch(other), batch: other };
}

/** @param {Uint8Array} bytes */
function decoded(bytes) {
  try {
    return decodeBatch(bytes);
  } catch {
    // Refused for its body, whatever the headers are.
    return undefined;
  }
}

/**
 * What is gzip already, inflated; nothing when it is not.
 * @param {Uint8Array} bytes
 */
function inflated(bytes) {
  try {
    return gunzipSync(bytes, { maxOutputLength: INFLATED_BYTES_MAX });
  } catch {
    return new Uint8Array();
  }
}

/**
 * A question for each metric of a batch, in every form that an answer has.
 * @param {Batch} batch
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
 * @param {number} first
 * @param {Uint8Array} body
 */
function prefixed(first, body) {
  const isGzip = first % ENCODINGS === 2;
  return Uint8Array.from([first, ...(isGzip ? gzipSync(body) : body)]);
}
