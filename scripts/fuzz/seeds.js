/** The golden batches of wire format v1, which fuzzing begins with. */
import { readdirSync, readFileSync } from 'node:fs';

const GOLDEN = new URL('../../test/fixtures/wire-v1/', import.meta.url);

/** @returns {Uint8Array[]} */
export function goldenBatches() {
  return readdirSync(GOLDEN)
    .filter((name) => name.endsWith('.bin'))
    .sort()
    .map((name) => new Uint8Array(readFileSync(new URL(name, GOLDEN))));
}
