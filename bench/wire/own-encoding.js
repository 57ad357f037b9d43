/**
 * The same series as bytes. An encoding takes the values of all series and gives the body and the percentiles that a
 * receiver can read from it; ours is made and read by the product's own code.
 */
import { decodeBatch } from '../../dist/transport/decode-batch.js';
import { decodeHdrPayload } from '../../dist/transport/decode-hdr-payload.js';
import { encodeBatch } from '../../dist/transport/encode-batch.js';
import { percentilesOf } from '../../dist/transport/percentiles.js';
import { batchOf } from '../micro/batch.js';
import { createRandom } from '../statistics/random.js';
import { PERMILLES } from './percentile-error.js';

/**
 * @typedef {object} Encoded
 * @property {Uint8Array} body Not compressed.
 * @property {number[][]} percentilesUs Of each series.
 */

/**
 * @typedef {object} Encoding
 * @property {string} name Begins the keys of its values.
 * @property {number} gzipLevel What its sender uses.
 * @property {(seriesUs: readonly (readonly number[])[]) => Promise<Encoded>} encode
 */

/** @type {Encoding} */
export const OWN = {
  name: 'own',
  // src/transport/native-sender.ts
  gzipLevel: 4,
  encode: async (seriesUs) => {
    const body = encodeBatch({ ...batchOf(seriesUs, createRandom(1)), gauges: [] });
    const percentilesUs = decodeBatch(body).histograms.map((point) =>
      percentilesOf(decodeHdrPayload(point.payload), PERMILLES, point),
    );
    return { body, percentilesUs };
  },
};
