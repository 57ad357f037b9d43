/**
 * `POST /v1/batches`: from an HTTP request to a committed batch. The cheap refusals come first, and
 * 200 is answered only after the commit.
 */
import {
  AGENT_HEADER,
  type Batch,
  type BatchIdentity,
  BOOT_HEADER,
  CONTENT_TYPE,
  SENT_HEADER,
  SEQUENCE_HEADER,
} from '../../transport/batch.js';
import { BatchVersionError, decodeBatch } from '../../transport/decode-batch.js';
import { ID_LENGTH_MAX } from '../../transport/header-text.js';
import { wholeSequence } from '../../transport/split-batch.js';
import { HttpError } from '../http/http-error.js';
import type { Store } from '../store/store.js';
import type { ByteBudget, Share } from './byte-budget.js';
import { checkBatch, checkNotAhead } from './check-batch.js';
import { clockErrorOf, correctClock } from './correct-clock.js';
import type { Commit } from './group-commit.js';
import type { RateLimit } from './rate-limit.js';
import { readBody } from './read-body.js';
import { MsgpackScanError, scanMsgpack } from './scan-msgpack.js';

/** What a value takes once decoded: at most 89 bytes, measured with a batch of one-byte payloads. */
const DECODED_VALUE_BYTES = 96;

export interface IngestOptions {
  readonly store: Store;
  readonly commit: Commit;
  readonly rateLimit: RateLimit;
  readonly budget: ByteBudget;
  readonly now: () => number;
  /** Told of each batch after its commit; throws nothing. */
  readonly onStored?: (batch: Batch) => void;
}

export interface IngestAnswer {
  readonly duplicate: boolean;
}

/** @throws {HttpError} @throws {StoreBusyError} when the same may be sent again later. */
export async function ingestBatch(request: Request, options: IngestOptions): Promise<IngestAnswer> {
  const type = (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase();
  if (type !== CONTENT_TYPE) {
    throw new HttpError(
      415,
      'unsupported_media_type',
      `expected Content-Type ${CONTENT_TYPE}, got ${type ? 'another' : 'none'}.`,
      { close: true },
    );
  }
  const identity = readIdentity(request.headers);
  const waitSeconds = options.rateLimit(identity.agent);
  if (waitSeconds > 0) {
    throw new HttpError(429, 'too_many_batches', 'this agent sends more than its share; wait.', {
      retryAfterSeconds: waitSeconds,
    });
  }
  const share = options.budget.open();
  try {
    return await receive(request, identity, share, options);
  } finally {
    share.release();
  }
}

const IN_PARTS =
  'parts of this batch were received before: expected the others, cut at the same places (docs/reference/wire-format.md).';

/** Everything that holds the batch, in whatever form. */
async function receive(
  request: Request,
  identity: BatchIdentity,
  share: Share,
  { store, commit, now, onStored }: IngestOptions,
): Promise<IngestAnswer> {
  // Before the body, whose transfer is no error of the sender's clock.
  const receivedMs = now();
  const bytes = await readBody(request, share);
  if (await store.has(identity)) return { duplicate: true };
  const sent = decode(bytes, share);
  const sentMs = sentMsOf(request.headers);
  checkNotAhead(sent, receivedMs, sentMs);
  const { skewMs, correctionMs } = clockErrorOf(sent, sentMs, receivedMs);
  const batch = correctClock(sent, correctionMs);
  checkBatch(batch, identity, receivedMs, store.oldestMs());
  const outcome = await commit({ batch, receivedMs, skewMs });
  if (outcome.state === 'in_parts') throw new HttpError(422, 'partly_received', IN_PARTS);
  if (outcome.state === 'refused') throw new HttpError(422, 'limit_reached', outcome.reason);
  if (outcome.state === 'stored') onStored?.(batch);
  return { duplicate: outcome.state === 'duplicate' };
}

function readIdentity(headers: Headers): BatchIdentity {
  const agent = headers.get(AGENT_HEADER) ?? '';
  const boot = headers.get(BOOT_HEADER) ?? '';
  const sequence = Number(headers.get(SEQUENCE_HEADER) ?? Number.NaN);
  for (const [name, value] of [
    [AGENT_HEADER, agent],
    [BOOT_HEADER, boot],
  ] as const) {
    if (value.length > 0 && value.length <= ID_LENGTH_MAX) continue;
    throw new HttpError(
      400,
      'bad_identity',
      `expected a header ${name} of 1 to ${ID_LENGTH_MAX} characters, got ${value.length}.`,
      { close: true },
    );
  }
  // A part names the batch that it was cut from, and there is none of number 0: it would have no account.
  if (!Number.isSafeInteger(sequence) || wholeSequence(sequence) < 1) {
    throw new HttpError(
      400,
      'bad_identity',
      `expected a header ${SEQUENCE_HEADER} with a whole number from 1, got none such.`,
      { close: true },
    );
  }
  return { agent, boot, sequence };
}

/** Undefined from senders that do not say it. */
function sentMsOf(headers: Headers): number | undefined {
  const text = headers.get(SENT_HEADER) ?? '';
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function decode(bytes: Uint8Array, share: Share): Batch {
  try {
    share.take(scanMsgpack(bytes) * DECODED_VALUE_BYTES);
    return decodeBatch(bytes);
  } catch (error) {
    if (error instanceof HttpError) throw error;
    if (error instanceof BatchVersionError) {
      const message = `${error.message}. Use a collector that is at least as new as its agents.`;
      throw new HttpError(415, 'unsupported_version', message);
    }
    const code = error instanceof MsgpackScanError ? 'bad_msgpack' : 'bad_batch';
    throw new HttpError(400, code, (error as Error).message);
  }
}
