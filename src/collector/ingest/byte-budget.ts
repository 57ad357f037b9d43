/**
 * The memory of all batches on their way at once: from the first byte of a body to the commit. Owned by
 * the collector's main thread. Nobody waits for room, for what waits would hold memory too: a request
 * that finds none is answered 503, and its sender keeps the batch and comes again.
 */
import { HttpError } from '../http/http-error.js';

/**
 * A batch of 100 busy series takes 0.4 MiB as body, inflated and decoded: room for 300. The largest
 * legal one takes 27: 1 as sent, 8 inflated, 18 for 200,000 values. Copies while chunks are joined
 * may double that for a moment.
 */
export const IN_FLIGHT_BYTES_MAX: number = 128 * 1024 * 1024;
/** Room comes with the next commit, within milliseconds; a second is the least that can be said. */
const RETRY_SECONDS = 1;

/** One request's share. */
export interface Share {
  /** Takes room for more. @throws {HttpError} 503 when there is none. */
  take(bytes: number): void;
  /** Gives everything back. */
  release(): void;
}

export interface ByteBudget {
  /** What all shares hold. */
  readonly takenBytes: number;
  /** A share that holds nothing yet; its owner releases it on every path. */
  open(): Share;
}

export function createByteBudget(bytesMax: number): ByteBudget {
  let takenBytes = 0;
  return {
    get takenBytes() {
      return takenBytes;
    },
    open() {
      let own = 0;
      return {
        take(bytes) {
          if (takenBytes + bytes > bytesMax) throw noRoom(bytesMax);
          takenBytes += bytes;
          own += bytes;
        },
        release() {
          takenBytes -= own;
          own = 0;
        },
      };
    },
  };
}

function noRoom(bytesMax: number): HttpError {
  return new HttpError(
    503,
    'ingest_busy',
    `expected room among the ${bytesMax} bytes for batches on their way, found too little. ` +
      'Send it again later.',
    { retryAfterSeconds: RETRY_SECONDS },
  );
}
