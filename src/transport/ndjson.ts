/** A parcel as NDJSON: one line for each point, so that `jq`, `grep` and log shippers need no more. */
import { decodeBatch } from './decode-batch.js';
import { flatPoints } from './flat-points.js';

/** @throws {Error} when the body is not a batch. */
export function ndjson(body: Uint8Array): Buffer {
  const lines = flatPoints(decodeBatch(body)).map((point) => `${JSON.stringify(point)}\n`);
  return Buffer.from(lines.join(''));
}
