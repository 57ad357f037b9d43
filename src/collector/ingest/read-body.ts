/**
 * The bytes of a request, bounded three times: as they arrive, as they inflate, and with those of all
 * other requests. A body that passes a bound is not read to its end.
 */
import { createGunzip } from 'node:zlib';
import { HttpError } from '../http/http-error.js';
import type { Share } from './byte-budget.js';

/** As sent. */
export const BODY_BYTES_MAX: number = 1024 * 1024;
/** Inflated: 8 times the body, where batches shrink to a half or a third. */
export const INFLATED_BYTES_MAX: number = 8 * 1024 * 1024;

/** Inflated bytes are accounted for in pieces of this size. */
const INFLATED_CHUNK_BYTES = 64 * 1024;

/**
 * The body, inflated. Its room is taken from `share`: for what is declared before anything is read.
 * @throws {HttpError} 413 past a bound, 415 for an encoding, 400 for broken gzip, 408 when it is cut off, 503 without room.
 */
export async function readBody(request: Request, share: Share): Promise<Uint8Array> {
  const encoding = (request.headers.get('content-encoding') ?? 'identity').trim().toLowerCase();
  if (encoding !== 'identity' && encoding !== 'gzip') {
    throw new HttpError(
      415,
      'unsupported_encoding',
      'expected Content-Encoding gzip or none, got another.',
      { close: true },
    );
  }
  const body = await readBounded(request, share);
  return encoding === 'gzip' ? await inflate(body, share) : body;
}

async function readBounded(request: Request, share: Share): Promise<Buffer> {
  // The HTTP parser lets no more through than was declared; a chunked body declares nothing.
  const length = request.headers.get('content-length') ?? '';
  const declared = /^\d{1,15}$/.test(length) ? Number(length) : BODY_BYTES_MAX;
  if (declared > BODY_BYTES_MAX) throw tooLarge(`${declared} bytes`);
  share.take(declared);
  const chunks: Uint8Array[] = [];
  let total = 0;
  for await (const chunk of chunksOf(request)) {
    total += chunk.byteLength;
    if (total > BODY_BYTES_MAX) throw tooLarge('more');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, total);
}

/** The body as it arrives. A sender that goes away half-way is no failure of ours. */
async function* chunksOf(request: Request): AsyncGenerator<Uint8Array> {
  if (request.body === null) return;
  try {
    yield* request.body as AsyncIterable<Uint8Array>;
  } catch {
    throw new HttpError(408, 'body_cut_off', 'expected the whole body, got a part of it.', {
      close: true,
    });
  }
}

function tooLarge(came: string): HttpError {
  return new HttpError(
    413,
    'body_too_large',
    `expected a body of at most ${BODY_BYTES_MAX} bytes, got ${came}. Send smaller batches.`,
    { close: true },
  );
}

async function inflate(body: Buffer, share: Share): Promise<Buffer> {
  const gunzip = createGunzip({ chunkSize: INFLATED_CHUNK_BYTES });
  gunzip.end(body);
  const chunks: Buffer[] = [];
  let total = 0;
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      total += chunk.byteLength;
      if (total > INFLATED_BYTES_MAX) throw inflatedTooLarge();
      share.take(chunk.byteLength);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof HttpError) throw error;
    const message = 'expected gzip as Content-Encoding says, got other bytes.';
    throw new HttpError(400, 'bad_gzip', message);
  }
  return Buffer.concat(chunks, total);
}

function inflatedTooLarge(): HttpError {
  return new HttpError(
    413,
    'inflated_too_large',
    `expected at most ${INFLATED_BYTES_MAX} bytes once inflated, got more.`,
  );
}
