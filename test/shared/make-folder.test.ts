import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeFolder } from '../../src/shared/make-folder.js';

const root = mkdtempSync(join(tmpdir(), 'tachograph-folder-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('makeFolder', () => {
  it('makes a folder and those above it, for its owner alone, and is content when it is there', () => {
    const path = join(root, 'a', 'b', 'c');
    makeFolder(path, 0o700);
    makeFolder(path, 0o700);
    expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(statSync(join(root, 'a')).mode & 0o777).toBe(0o700);
  });

  it('throws where nothing can be made, and returns', () => {
    expect(() => makeFolder('/proc/tachograph/spool', 0o700)).toThrow(/ENOENT/);
  });

  it('throws when a file is in the way', () => {
    const file = join(root, 'file');
    writeFileSync(file, '');
    expect(() => makeFolder(file, 0o700)).toThrow(/EEXIST/);
    expect(() => makeFolder(join(file, 'x'), 0o700)).toThrow(/ENOTDIR/);
  });
});
