/**
 * The decoder of batches, as a receiver that trusts nobody uses it and as the agent uses it on its own
 * spool. Any bytes are a batch or a BatchFormatError; a batch survives being written and read again;
 * whatever its histograms are, they are counts or an HdrFormatError, and its flat points can be made.
 */
import { isDeepStrictEqual } from 'node:util';
import { scanMsgpack } from '../../../dist/collector/ingest/scan-msgpack.js';
import { decodeBatch } from '../../../dist/transport/decode-batch.js';
import { decodeHdrPayload } from '../../../dist/transport/decode-hdr-payload.js';
import { encodeBatch } from '../../../dist/transport/encode-batch.js';
import { flatPoints } from '../../../dist/transport/flat-points.js';
import { answerKind } from '../answer-kind.js';
import { goldenBatches } from '../seeds.js';

/** @type {import('../run-target.js').Target} */
export const decoder = {
  name: 'decoder',
  seeds: goldenBatches,
  run(bytes) {
    // msgpackr gives views of the kind that it was given.
    const input = Buffer.from(bytes);
    const scanned = attempt(['MsgpackScanError'], () => scanMsgpack(input));
    const decoded = attempt(['BatchFormatError'], () => decodeBatch(input));
    if ('error' in decoded) return answerKind(`${scanned.error ?? 'scanned'}; ${decoded.error}`);
    const batch = decoded.result;
    const again = decodeBatch(encodeBatch(batch));
    if (!isDeepStrictEqual(again, batch))
      throw new Error('the batch changed when written and read');
    const histograms = batch.histograms.map(
      ({ payload }) => attempt(['HdrFormatError'], () => decodeHdrPayload(payload)).error ?? 'good',
    );
    const flat = attempt(['HdrFormatError'], () => flatPoints(batch));
    return answerKind(`${scanned.error ?? 'scanned'}; ${histograms}; ${flat.error ?? 'flat'}`);
  },
};

/**
 * The result, or the message of an error that may be. Others are thrown on.
 *
 * @template Result
 * @param {readonly string[]} allowed Names of errors.
 * @param {() => Result} work
 * @returns {{ result: Result, error?: undefined } | { error: string }}
 */
function attempt(allowed, work) {
  try {
    return { result: work() };
  } catch (error) {
    if (error instanceof Error && allowed.includes(error.name)) return { error: error.message };
    throw error;
  }
}
