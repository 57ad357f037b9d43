import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeSpoolFile, SPOOL_FILE_BYTES_MAX } from '../../src/transport/spool-file.js';
import { readSpoolFile } from '../../src/transport/spool-read.js';
import { sampleParcel } from './sample-batch.js';

let root: string;
let path: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tacho-read-'));
  path = join(root, 'file');
  writeFileSync(path, encodeSpoolFile(sampleParcel(1)));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** As a read that the system refuses. */
function failing(code: string): () => Uint8Array {
  return () => {
    throw Object.assign(new Error(`${code}: refused`), { code, syscall: 'open' });
  };
}

describe('reading a spool file', () => {
  it('gives back what was written', () => {
    expect(readSpoolFile(path)).toMatchObject({ identity: sampleParcel(1).identity, records: 5 });
  });

  it('tells a file that is gone from one that cannot be read', () => {
    rmSync(path);
    expect(readSpoolFile(path)).toBeUndefined();
  });

  it.each([
    ['a folder', (): void => mkdirSync(path)],
    ['a link to itself', (): void => symlinkSync('file', path)],
    ['a link to a batch', (): void => symlinkSync('other', path)],
  ])('finds no batch in %s', (_name, make) => {
    writeFileSync(join(root, 'other'), encodeSpoolFile(sampleParcel(1)));
    rmSync(path);
    make();
    expect(readSpoolFile(path)).toBe('expected a file, got a folder, link, pipe or device');
  });

  it('does not read more than a batch can have', () => {
    truncateSync(path, SPOOL_FILE_BYTES_MAX + 1);
    expect(readSpoolFile(path)).toMatch(/^expected at most \d+ bytes, got \d+$/);
  });

  it.each(['EIO', 'EISDIR', 'EACCES', 'EPERM', 'ELOOP', 'EBUSY', 'UNKNOWN'])(
    'gives up the file when the system says %s',
    (code) => {
      expect(readSpoolFile(path, failing(code))).toBe(`${code}: refused`);
    },
  );

  it.each(['EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN', 'ESTALE', 'ENODEV'])(
    'does not give up the file when the system says %s',
    (code) => {
      expect(() => readSpoolFile(path, failing(code))).toThrow(code);
    },
  );

  it('does not give up the file when its folder cannot be used', () => {
    expect(() => readSpoolFile(join(path, 'in-a-file'))).toThrow('ENOTDIR');
  });

  it('does not give up the file for a fault of ours', () => {
    const read = (): Uint8Array => {
      throw new TypeError('no function');
    };
    expect(() => readSpoolFile(path, read)).toThrow('no function');
  });
});
