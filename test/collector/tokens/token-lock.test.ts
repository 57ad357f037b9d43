/** Changes of the tokens from several processes. Needs `npm run build`. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readTokens } from '../../../src/collector/tokens/token-file.js';
import { whileLocked } from '../../../src/collector/tokens/token-lock.js';

const TOKEN_FILE = new URL('../../../dist/collector/tokens/token-file.js', import.meta.url).href;
const PROCESSES = 4;
const CHANGES = 8;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tacho-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Makes two tokens and revokes the first, again and again. */
const CHILD = `
  const { createToken, revokeToken } = await import(process.argv[1]);
  const folder = process.argv[2];
  for (let i = 0; i < ${CHANGES}; i++) {
    const { entry } = createToken(folder, 'read', 'revoked', 1);
    createToken(folder, 'write', 'kept', 1);
    if (!revokeToken(folder, entry.id)) throw new Error('it is gone already');
  }
`;

it('loses no token and brings none back when several processes change them at once', async () => {
  const children = Array.from({ length: PROCESSES }, () =>
    spawn(process.execPath, ['--input-type=module', '-e', CHILD, TOKEN_FILE, folder], {
      stdio: ['ignore', 'ignore', 'inherit'],
    }),
  );
  const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0]));
  expect(codes).toEqual(Array.from({ length: PROCESSES }, () => 0));
  const names = readTokens(folder)?.map(({ name }) => name);
  expect(names).toEqual(Array.from({ length: PROCESSES * CHANGES }, () => 'kept'));
  expect(readdirSync(folder)).toEqual(['tokens.json']);
});

it('names the file to delete when it stays locked, and leaves it', () => {
  const path = join(folder, 'tokens.json');
  writeFileSync(`${path}.lock`, '');
  expect(() => whileLocked(path, () => expect.unreachable(), 0)).toThrow(
    /tokens\.json\.lock is there: .* if none runs, delete that file/,
  );
  expect(existsSync(`${path}.lock`)).toBe(true);
});

it('is free again when the change fails', () => {
  const path = join(folder, 'tokens.json');
  const failing = (): never => {
    throw new Error('planted');
  };
  expect(() => whileLocked(path, failing, 0)).toThrow('planted');
  expect(whileLocked(path, () => 7, 0)).toBe(7);
});
