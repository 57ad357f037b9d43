/** The budget alone, and that a request gives its share back however it ends. */
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { HttpError } from '../../../src/collector/http/http-error.js';
import { type ByteBudget, createByteBudget } from '../../../src/collector/ingest/byte-budget.js';
import { ingestBatch } from '../../../src/collector/ingest/ingest-batch.js';
import { BODY_BYTES_MAX } from '../../../src/collector/ingest/read-body.js';
import {
  type CommitOutcome,
  type Store,
  StoreBusyError,
} from '../../../src/collector/store/store.js';
import { encodeBatch } from '../../../src/transport/encode-batch.js';
import { makeBatch } from '../make-batch.js';

const NOW = Date.UTC(2026, 10, 23, 12);
const MIB = 1024 * 1024;
const batch = makeBatch({ startMs: NOW - 10_000, routes: { '/a': [1000, 2000] } });
const bytes = encodeBatch(batch);
const GZIP = { 'content-encoding': 'gzip' };

interface Given {
  readonly body?: Uint8Array | ReadableStream;
  readonly headers?: Record<string, string>;
  readonly isKnown?: boolean;
  readonly commit?: () => Promise<CommitOutcome>;
}

function ingest(budget: ByteBudget, given: Given): Promise<unknown> {
  const { agent, boot, sequence } = batch.identity;
  const init = {
    method: 'POST',
    body: given.body ?? bytes,
    duplex: 'half',
    headers: {
      'content-type': 'application/msgpack',
      'tachograph-agent': agent,
      'tachograph-boot': boot,
      'tachograph-sequence': String(sequence),
      ...given.headers,
    },
  };
  const store = { has: async () => given.isKnown ?? false, oldestMs: () => 0 } as unknown as Store;
  return ingestBatch(new Request('http://localhost/v1/batches', init as RequestInit), {
    store,
    commit: given.commit ?? (async () => ({ state: 'stored' })),
    rateLimit: () => 0,
    budget,
    now: () => NOW,
  });
}

/** The code of the error that it ends with. */
async function codeOf(answer: Promise<unknown>): Promise<string> {
  return await answer.then(
    () => 'none',
    (error) => (error instanceof HttpError ? error.code : (error as Error).name),
  );
}

/** Nothing is pulled before it is read. */
const LAZY = { highWaterMark: 0 };

/** A body of which the sender goes away after the first part. */
function cutOff(part: Uint8Array): ReadableStream {
  let pulls = 0;
  const pull = (controller: ReadableStreamDefaultController): void => {
    if (pulls++ === 0) controller.enqueue(part);
    else controller.error(new Error('gone'));
  };
  return new ReadableStream({ pull }, LAZY);
}

describe('the budget of bytes on their way', () => {
  it('gives room up to its size, and again what was released', () => {
    const budget = createByteBudget(100);
    const [one, two] = [budget.open(), budget.open()];
    one.take(60);
    two.take(40);
    expect(() => two.take(1)).toThrow(expect.objectContaining({ status: 503 }));
    expect(budget.takenBytes).toBe(100);
    one.release();
    one.release();
    expect(budget.takenBytes).toBe(40);
    two.take(60);
    two.release();
    expect(budget.takenBytes).toBe(0);
  });

  it('tells the sender when to come again', async () => {
    const answer = ingest(createByteBudget(BODY_BYTES_MAX - 1), {});
    await expect(answer).rejects.toMatchObject({
      status: 503,
      code: 'ingest_busy',
      options: { retryAfterSeconds: 1 },
    });
  });

  it('is taken for the length declared before a byte is read, or else for the longest', async () => {
    const headers = { 'content-length': '1000' };
    const reads: number[] = [];
    const endless = (bytesMax: number, given: Given): ByteBudget => {
      const budget = createByteBudget(bytesMax);
      const pull = (): Promise<void> => {
        reads.push(budget.takenBytes);
        return new Promise(() => undefined);
      };
      ingest(budget, { body: new ReadableStream({ pull }, LAZY), ...given }).catch(() => undefined);
      return budget;
    };
    expect(endless(MIB, { headers }).takenBytes).toBe(1000);
    expect(endless(MIB, {}).takenBytes).toBe(BODY_BYTES_MAX);
    expect(endless(999, { headers }).takenBytes).toBe(0);
    await new Promise((resolve) => setImmediate(resolve));
    expect(reads).toEqual([1000, BODY_BYTES_MAX]);
  });

  it('counts what a body inflates to, and what it is once decoded, until the commit', async () => {
    const budget = createByteBudget(100 * MIB);
    const zipped = gzipSync(bytes);
    let duringBytes = 0;
    const commit = async (): Promise<CommitOutcome> => {
      duringBytes = budget.takenBytes;
      return { state: 'stored' };
    };
    const headers = { ...GZIP, 'content-length': String(zipped.length) };
    await ingest(budget, { body: zipped, headers, commit });
    expect(duringBytes).toBeGreaterThan(zipped.length + bytes.length);
    expect(budget.takenBytes).toBe(0);
  });

  it.each<[string, Given, string]>([
    ['was committed', {}, 'none'],
    ['was a duplicate', { isKnown: true }, 'none'],
    ['broke off', { body: cutOff(bytes.subarray(0, 9)) }, 'body_cut_off'],
    ['was too large', { body: new Uint8Array(BODY_BYTES_MAX + 1) }, 'body_too_large'],
    [
      'said that it was too large',
      { headers: { 'content-length': String(BODY_BYTES_MAX + 1) } },
      'body_too_large',
    ],
    ['was no gzip', { body: bytes, headers: GZIP }, 'bad_gzip'],
    ['was a part of gzip', { body: gzipSync(bytes).subarray(0, 40), headers: GZIP }, 'bad_gzip'],
    [
      'was a gzip bomb',
      { body: gzipSync(Buffer.alloc(16 * MIB)), headers: GZIP },
      'inflated_too_large',
    ],
    ['was no msgpack', { body: new Uint8Array([0xc1]) }, 'bad_msgpack'],
    ['was no batch', { body: new Uint8Array([0x90]) }, 'bad_batch'],
    ['was refused', { commit: async () => ({ state: 'refused', reason: 'x' }) }, 'limit_reached'],
    [
      'found the disk full',
      { commit: () => Promise.reject(new StoreBusyError('full', 1)) },
      'StoreBusyError',
    ],
    ['failed', { commit: () => Promise.reject(new TypeError('bug')) }, 'TypeError'],
  ])('is whole again after a request that %s', async (_how, given, code) => {
    const budget = createByteBudget(100 * MIB);
    expect(await codeOf(ingest(budget, given))).toBe(code);
    expect(budget.takenBytes).toBe(0);
  });

  it.each([
    ['inflating', BODY_BYTES_MAX + 100_000, gzipSync(Buffer.alloc(2 * MIB)), GZIP],
    ['decoding', BODY_BYTES_MAX + bytes.length, bytes, {}],
  ])('is whole again when it ran out while %s', async (_when, bytesMax, body, headers) => {
    const budget = createByteBudget(bytesMax);
    const given = { body, headers: headers as Record<string, string> };
    expect(await codeOf(ingest(budget, given))).toBe('ingest_busy');
    expect(budget.takenBytes).toBe(0);
  });
});
