/**
 * The reader of spool files, which never throws: any bytes are a parcel or a sentence. Half of the inputs
 * get a matching checksum, or nothing would come past it. A parcel is written and read again as it was.
 * The names of files in the folder are read as well.
 */
import { isDeepStrictEqual } from 'node:util';
import { crc32 } from 'node:zlib';
import { decodeSpoolFile, encodeSpoolFile } from '../../../dist/transport/spool-file.js';
import { parseBatchName, parseOwned, renamedFor } from '../../../dist/transport/spool-name.js';
import { answerKind } from '../answer-kind.js';
import { goldenBatches } from '../seeds.js';

const COVERED_FROM = 8;

/** @type {import('../run-target.js').Target} */
export const spoolReader = {
  name: 'spool-reader',
  seeds: () =>
    goldenBatches().map((body, i) => {
      const identity = { agent: 'shop-1:4711', boot: `0b9f6a1e-${i}`, sequence: i + 1 };
      return encodeSpoolFile({ identity, records: i, closedMs: 1_700_000_000_000 + i, body });
    }),
  run(input) {
    readName(Buffer.from(input.subarray(0, 300)).toString('latin1'));
    return [input, vouchedFor(input)].map(readFile).join('; ');
  },
};

/** @param {Uint8Array} input */
function readFile(input) {
  const read = decodeSpoolFile(input);
  if (typeof read === 'string') return answerKind(read);
  const again = decodeSpoolFile(encodeSpoolFile(read));
  if (!isDeepStrictEqual(again, read)) throw new Error('the parcel changed when written and read');
  return 'a parcel';
}

/** @param {string} name */
function readName(name) {
  const batch = parseBatchName(name);
  if (batch !== undefined && parseBatchName(renamedFor(name, '1-aaaaaaaa')) === undefined) {
    throw new Error('the name of a batch is none once it has another owner');
  }
  parseOwned(name);
}

/**
 * The input with lengths and checksum as its writer would have made them.
 * @param {Uint8Array} input
 */
function vouchedFor(input) {
  const bytes = Buffer.from(input);
  if (bytes.length < COVERED_FROM) return bytes;
  bytes.writeUInt32BE(crc32(bytes.subarray(COVERED_FROM)), 4);
  return bytes;
}
