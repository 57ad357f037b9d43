/** Our own batches, decoded with the product's own decoder. */
import { BOOT_HEADER, SEQUENCE_HEADER } from '../../dist/transport/batch.js';
import { decodeBatch } from '../../dist/transport/decode-batch.js';

/** The metric that has one record for each request. */
const REQUEST_METRIC = 'http.server.request.duration';

/** @type {import('./sink.js').Protocol} */
export const TACHOGRAPH = {
  reportsIdle: true,
  createReader: () => {
    /** @type {Set<string>} */
    const seen = new Set();
    return ({ method, path, headers, body }, received) => {
      if (method !== 'POST' || path !== '/v1/batches') {
        throw new Error(`expected POST /v1/batches, got ${method} ${path}`);
      }
      const batch = decodeBatch(body);
      // A batch whose answer was lost comes again under the same number.
      const key = `${headers[BOOT_HEADER]} ${headers[SEQUENCE_HEADER]}`;
      if (seen.has(key)) return {};
      seen.add(key);
      received.batches += 1;
      received.dropped = { ...batch.ledger.dropped };
      for (const { series, count } of batch.histograms) {
        if (series.name === REQUEST_METRIC) received.requests += count;
      }
      return {};
    };
  },
};
