/**
 * The units kernel files count in, which Node does not tell: the page (16 or 64 KiB on some arm64
 * kernels) and the clock tick. Both are in /proc/self/auxv, pairs of machine words (getauxval(3)).
 */
import { readFileSync } from 'node:fs';
import { endianness } from 'node:os';

const AT_PAGESZ = 6;
const AT_CLKTCK = 17;

export interface KernelUnits {
  readonly pageBytes: number;
  readonly ticksPerSecond: number;
}

/** What nearly every Linux has, for a /proc without auxv. */
const USUAL: KernelUnits = { pageBytes: 4096, ticksPerSecond: 100 };

export function readKernelUnits(root: string): KernelUnits {
  let bytes: Buffer;
  try {
    // A kernel object of some 20 pairs; its size is fixed when the process starts.
    bytes = readFileSync(`${root}/proc/self/auxv`);
  } catch {
    return USUAL;
  }
  const wordBytes = process.arch === 'arm' || process.arch === 'ia32' ? 4 : 8;
  // Keys and both values fit in the low 32 bits of a word.
  const lowHalf = endianness() === 'BE' ? wordBytes - 4 : 0;
  const wordAt = (at: number): number =>
    endianness() === 'BE' ? bytes.readUInt32BE(at + lowHalf) : bytes.readUInt32LE(at);
  let { pageBytes, ticksPerSecond } = USUAL;
  for (let at = 0; at + 2 * wordBytes <= bytes.length; at += 2 * wordBytes) {
    const key = wordAt(at);
    if (key === AT_PAGESZ) pageBytes = wordAt(at + wordBytes);
    if (key === AT_CLKTCK) ticksPerSecond = wordAt(at + wordBytes);
  }
  return { pageBytes, ticksPerSecond };
}
