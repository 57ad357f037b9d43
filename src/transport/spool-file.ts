/**
 * One batch as a file of the spool (`.tgb`) or a checkpoint slot: a header that can be checked, then
 * the batch as it travels. Pure.
 *
 *     magic "TGB1" (4) | CRC-32 of all that follows (4) | header bytes (4) | body bytes (4) |
 *     header: JSON (agent, boot, sequence, records, closedMs) | body
 *
 * Integers are big-endian. The CRC covers the lengths too, so that a torn or flipped file never
 * yields a batch.
 */
import { crc32 } from 'node:zlib';
import type { Parcel } from './sender.js';

/** The last character is the version: a newer one is another magic, and is not read. */
const MAGIC = Buffer.from('TGB1');
const PREFIX_BYTES = 16;
/** What is covered by the CRC begins here. */
const COVERED_FROM = 8;
/** A file above this is none of ours: the largest batch (20,000 series of 1 KiB) has 20 MiB. */
export const SPOOL_FILE_BYTES_MAX: number = 32 * 1024 * 1024;

interface Header {
  readonly agent: string;
  readonly boot: string;
  readonly sequence: number;
  readonly records: number;
  readonly closedMs: number;
}

export function encodeSpoolFile(parcel: Parcel): Uint8Array {
  const { identity, records, closedMs, body } = parcel;
  const { agent, boot, sequence } = identity;
  // No spread: lane-account.ts says why.
  const fields: Header = { agent, boot, sequence, records, closedMs };
  const header = Buffer.from(JSON.stringify(fields));
  const bytes = Buffer.alloc(PREFIX_BYTES + header.length + body.length);
  bytes.set(MAGIC, 0);
  bytes.writeUInt32BE(header.length, 8);
  bytes.writeUInt32BE(body.length, 12);
  bytes.set(header, PREFIX_BYTES);
  bytes.set(body, PREFIX_BYTES + header.length);
  bytes.writeUInt32BE(crc32(bytes.subarray(COVERED_FROM)), 4);
  return bytes;
}

/** The parcel, or the sentence that says why the bytes hold none. Never throws. */
export function decodeSpoolFile(bytes: Uint8Array): Parcel | string {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.length < PREFIX_BYTES) {
    return `expected at least ${PREFIX_BYTES} bytes, got ${file.length}`;
  }
  if (!file.subarray(0, MAGIC.length).equals(MAGIC)) {
    return `expected the magic TGB1, got 0x${file.toString('hex', 0, MAGIC.length)}`;
  }
  const bodyAt = PREFIX_BYTES + file.readUInt32BE(8);
  const length = bodyAt + file.readUInt32BE(12);
  if (length !== file.length) return `expected ${length} bytes, got ${file.length}`;
  if (crc32(file.subarray(COVERED_FROM)) !== file.readUInt32BE(4)) {
    return 'expected a matching CRC-32, got another';
  }
  // The CRC vouches for accidents, not for who wrote it: the header is checked all the same.
  const header = parseHeader(file.toString('utf8', PREFIX_BYTES, bodyAt));
  if (header === undefined) return 'expected agent, boot, sequence, records and closedMs';
  const { agent, boot, sequence, records, closedMs } = header;
  const body = file.subarray(bodyAt);
  return { identity: { agent, boot, sequence }, records, closedMs, body };
}

function parseHeader(json: string): Header | undefined {
  let header: Partial<Header> | null;
  try {
    header = JSON.parse(json);
  } catch {
    return undefined;
  }
  const whole = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
  const sound =
    typeof header === 'object' &&
    typeof header?.agent === 'string' &&
    typeof header.boot === 'string' &&
    whole(header.sequence) &&
    whole(header.records) &&
    whole(header.closedMs);
  return sound ? (header as Header) : undefined;
}
