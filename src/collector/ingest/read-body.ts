/**
 * The bytes of a request, bounded twice: as they arrive, and as they inflate. A body that passes a
 * bound is not read to its end.
 */
import { gunzip } from 'node:zlib';
import { HttpError } from '../http/http-error.js';

/** As sent. */
export const BODY_BYTES_MAX: number = 1024 * 1024;
/** Inflated: 8 times the body, where batches shrink to a half or a third. */
export const INFLATED_BYTES_MAX: number = 8 * 1024 * 1024;

/** @throws {HttpError} 413 past a bound, 415 for an encoding, 400 for broken gzip. */
export async function readBody(request: Request): Promise<Uint8Array> {
  const encoding = (request.headers.get('content-encoding') ?? 'identity').trim().toLowerCase();
  if (encoding !== 'identity' && encoding !== 'gzip') {
    throw new HttpError(
      415,
      'unsupported_encoding',
      'expected Content-Encoding gzip or none, got another.',
      { close: true },
    );
  }
  const body = await readBounded(request);
  return encoding === 'gzip' ? await inflate(body) : body;
}

async function readBounded(request: Request): Promise<Buffer> {
  const declared = Number(request.headers.get('content-length') ?? 0);
  if (declared > BODY_BYTES_MAX) throw tooLarge(`${declared} bytes`);
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
    throw new HttpError(400, 'body_cut_off', 'expected the whole body, got a part of it.', {
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

function inflate(body: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    gunzip(body, { maxOutputLength: INFLATED_BYTES_MAX }, (error, bytes) => {
      if (error === null) resolve(bytes);
      else if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
        reject(
          new HttpError(
            413,
            'inflated_too_large',
            `expected at most ${INFLATED_BYTES_MAX} bytes once inflated, got more.`,
          ),
        );
      } else {
        reject(
          new HttpError(
            400,
            'bad_gzip',
            'expected gzip as Content-Encoding says, got other bytes.',
          ),
        );
      }
    });
  });
}
