/**
 * A batch over a connection of its own, to a collector that may be killed meanwhile. Not by `fetch`: that of
 * Node 20 leaves promises open for ever when the server dies while connections are being made.
 */
import { request } from 'node:http';
import type { Batch } from '../../src/transport/batch.js';
import { encodeBatch } from '../../src/transport/encode-batch.js';

/** Rejects when there is no answer, or another one than that it has the batch. */
export function sendOnce(url: string, batch: Batch): Promise<{ duplicate: boolean }> {
  const { agent, boot, sequence } = batch.identity;
  return new Promise((resolve, reject) => {
    const outgoing = request(`${url}/v1/batches`, {
      method: 'POST',
      agent: false,
      headers: {
        'content-type': 'application/msgpack',
        'tachograph-agent': agent,
        'tachograph-boot': boot,
        'tachograph-sequence': sequence,
      },
    });
    outgoing.on('response', async (response) => {
      try {
        const text = Buffer.concat(await response.toArray()).toString();
        if (response.statusCode !== 200) throw new Error(`${response.statusCode}: ${text}`);
        resolve(JSON.parse(text));
      } catch (error) {
        reject(error);
      }
    });
    outgoing.on('error', reject);
    outgoing.end(encodeBatch(batch));
  });
}
