import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type Grant,
  openTokenBook,
  type TokenBook,
} from '../../../src/collector/tokens/token-book.js';
import {
  createToken,
  digestOf,
  readTokens,
  revokeToken,
  TOKENS_MAX,
  tokensPath,
} from '../../../src/collector/tokens/token-file.js';

const NOW = Date.UTC(2026, 10, 23, 12);
let folder: string;
let log: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tacho-tokens-'));
  log = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (fixed: readonly Grant[] = []): TokenBook =>
  openTokenBook(folder, fixed, (line) => log.push(line));

describe('the file of tokens', () => {
  it('holds no token, is its owner’s alone, and says who has which', () => {
    const { token, entry } = createToken(folder, 'write', 'the shop', NOW);
    expect(token).toMatch(/^tacho_write_[\w-]{43}$/);
    const text = readFileSync(tokensPath(folder), 'utf8');
    expect(text).not.toContain(token);
    expect(text).not.toContain(token.split('_')[2]);
    expect(statSync(tokensPath(folder)).mode & 0o777).toBe(0o600);
    const sha256 = digestOf(token).toString('hex');
    expect(readTokens(folder)).toEqual([
      { id: entry.id, name: 'the shop', role: 'write', sha256, createdMs: NOW },
    ]);
  });

  it('is not there until a token was made, and stays when all are revoked', () => {
    expect(readTokens(folder)).toBeUndefined();
    const { entry } = createToken(folder, 'read', '', NOW);
    expect(revokeToken(folder, 'other')).toBe(false);
    expect(revokeToken(folder, entry.id)).toBe(true);
    expect(readTokens(folder)).toEqual([]);
  });

  it('takes no more than its limit', () => {
    const { entry } = createToken(folder, 'read', '', NOW);
    const tokens = Array.from({ length: TOKENS_MAX }, () => entry);
    writeFileSync(tokensPath(folder), JSON.stringify({ version: 1, tokens }));
    expect(() => createToken(folder, 'read', '', NOW)).toThrow('Revoke some first');
  });

  it.each([
    ['nothing', ''],
    ['null', 'null'],
    ['another version', '{"version":2,"tokens":[]}'],
    [
      'an odd role',
      '{"version":1,"tokens":[{"id":"a","name":"","role":"root","sha256":"","createdMs":1}]}',
    ],
  ])('with %s in it is an error and not an open door', (_name, text) => {
    writeFileSync(tokensPath(folder), text);
    expect(() => readTokens(folder)).toThrow('expected the tokens');
    expect(() => open()).toThrow('expected the tokens');
  });
});

describe('the book of tokens', () => {
  it('knows a token that was made while it was open, and not one that was revoked', () => {
    const book = open();
    expect(book.wasUsed).toBe(false);
    const { token, entry } = createToken(folder, 'write', '', NOW);
    expect(book.wasUsed).toBe(true);
    expect(book.roleOf(token, 'write')).toBe('write');
    expect(book.roleOf(`${token}x`, 'write')).toBeUndefined();
    revokeToken(folder, entry.id);
    expect(book.roleOf(token, 'write')).toBeUndefined();
    expect(book.wasUsed).toBe(true);
  });

  it('keeps what it was started with, and says which purposes somebody can have', () => {
    const book = open([{ role: 'write', digest: digestOf('fixed') }]);
    expect([book.grants('write'), book.grants('read')]).toEqual([true, false]);
    const { token } = createToken(folder, 'admin', '', NOW);
    expect([book.grants('write'), book.grants('read')]).toEqual([true, true]);
    expect(book.roleOf('fixed', 'write')).toBe('write');
    expect(book.roleOf(token, 'read')).toBe('admin');
  });

  it('takes a token that was set for both purposes for either', () => {
    const digest = digestOf('both');
    const book = open([
      { role: 'write', digest },
      { role: 'read', digest },
    ]);
    expect(book.roleOf('both', 'write')).toBe('write');
    expect(book.roleOf('both', 'read')).toBe('read');
  });

  it('refuses the file’s tokens while the file is broken or gone, and says so once', () => {
    const book = open();
    const { token } = createToken(folder, 'write', '', NOW);
    const good = readFileSync(tokensPath(folder));
    writeFileSync(tokensPath(folder), 'broken');
    expect(book.roleOf(token, 'write')).toBeUndefined();
    expect(book.roleOf(token, 'write')).toBeUndefined();
    expect(log).toEqual([expect.stringContaining('expected the tokens')]);
    rmSync(tokensPath(folder));
    expect(book.roleOf(token, 'write')).toBeUndefined();
    expect(book.wasUsed).toBe(true);
    writeFileSync(tokensPath(folder), good);
    expect(book.roleOf(token, 'write')).toBe('write');
  });
});
