/** The tokens on a disk that takes a part of what is written, is full, or loses its power. */
import type * as Fs from 'node:fs';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createToken, readTokens, revokeToken } from '../../../src/collector/tokens/token-file.js';

const disk = vi.hoisted(() => ({
  /** What one call takes. */
  pieceBytes: Number.POSITIVE_INFINITY,
  leftBytes: Number.POSITIVE_INFINITY,
  calls: [] as string[],
}));

vi.mock('node:fs', async (load) => {
  const real = await load<typeof Fs>();
  const kindOf = (file: number): string => (real.fstatSync(file).isDirectory() ? 'folder' : 'file');
  return {
    ...real,
    writeSync(file: number, data: string | Uint8Array, at = 0): number {
      const bytes = Buffer.from(data as string).subarray(at);
      const taken = bytes.subarray(0, Math.min(disk.pieceBytes, disk.leftBytes));
      if (taken.length === 0) throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
      disk.leftBytes -= taken.length;
      return real.writeSync(file, taken);
    },
    fsyncSync(file: number): void {
      disk.calls.push(`sync ${kindOf(file)}`);
      real.fsyncSync(file);
    },
    fdatasyncSync(file: number): void {
      disk.calls.push(`sync ${kindOf(file)}`);
      real.fdatasyncSync(file);
    },
    renameSync(from: string, to: string): void {
      disk.calls.push('rename');
      real.renameSync(from, to);
    },
  };
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tacho-disk-'));
  Object.assign(disk, {
    pieceBytes: Number.POSITIVE_INFINITY,
    leftBytes: Number.POSITIVE_INFINITY,
  });
  disk.calls.length = 0;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('a list that the disk takes piece by piece is whole', () => {
  disk.pieceBytes = 7;
  createToken(folder, 'read', 'a', 1);
  createToken(folder, 'write', 'b', 1);
  expect(readTokens(folder)?.map(({ name }) => name)).toEqual(['a', 'b']);
});

it('a list that finds no room leaves the old one, and nothing beside it', () => {
  const { entry } = createToken(folder, 'read', 'a', 1);
  disk.leftBytes = 20;
  expect(() => createToken(folder, 'write', 'b', 1)).toThrow('ENOSPC');
  expect(readTokens(folder)).toEqual([entry]);
  expect(readdirSync(folder)).toEqual(['tokens.json']);
});

it('a revoked token stays revoked after a power cut: file, then name are on the disk', () => {
  const { entry } = createToken(folder, 'read', 'a', 1);
  disk.calls.length = 0;
  expect(revokeToken(folder, entry.id)).toBe(true);
  expect(disk.calls).toEqual(['sync file', 'rename', 'sync folder']);
});
