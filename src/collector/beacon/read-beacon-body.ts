/**
 * The bytes of a beacon: at most BEACON_BYTES_MAX, of which no more is read than that. Text is taken as
 * JSON too, because browsers send it to another site without asking first.
 */
import { BEACON_BYTES_MAX } from '../../shared/beacon-view.js';
import { HttpError } from '../http/http-error.js';

const TYPES = new Set(['application/json', 'text/plain']);

/** @throws {HttpError} 413, 415, 408 */
export async function readBeaconBody(request: Request): Promise<string> {
  const type = (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase();
  const encoding = request.headers.get('content-encoding') ?? 'identity';
  if (!TYPES.has(type ?? '') || encoding !== 'identity') {
    const message = 'expected application/json or text/plain without an encoding, got another.';
    throw new HttpError(415, 'unsupported_media_type', message, { close: true });
  }
  const declared = Number(request.headers.get('content-length') ?? 0);
  if (declared > BEACON_BYTES_MAX) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let total = 0;
  try {
    for await (const chunk of (request.body ?? []) as AsyncIterable<Uint8Array>) {
      total += chunk.byteLength;
      if (total > BEACON_BYTES_MAX) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof HttpError) throw error;
    const message = 'expected the whole body, got a part of it.';
    throw new HttpError(408, 'body_cut_off', message, { close: true });
  }
  return Buffer.concat(chunks, total).toString('utf8');
}

function tooLarge(): HttpError {
  const message = `expected a body of at most ${BEACON_BYTES_MAX} bytes, got more.`;
  return new HttpError(413, 'body_too_large', message, { close: true });
}
