import {
  chownSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
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
import { whileLocked } from '../../../src/collector/tokens/token-lock.js';

/** What the system says when a file is opened; undefined lets it open. */
const fault = vi.hoisted(() => ({ code: undefined as string | undefined }));
vi.mock('../../../src/shared/small-file.js', async (load) => {
  const real = await load<typeof import('../../../src/shared/small-file.js')>();
  return {
    readSmallFile(path: string): string {
      const { code } = fault;
      if (code === undefined) return real.readSmallFile(path);
      throw Object.assign(new Error(`${code}: planted, open '${path}'`), { code });
    },
  };
});

const NOW = Date.UTC(2026, 10, 23, 12);
let folder: string;
let log: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tacho-tokens-'));
  log = [];
  fault.code = undefined;
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

  it.runIf(process.getuid?.() === 0)('is of whom its folder is when root made it', () => {
    chownSync(folder, 4711, 4712);
    const { entry } = createToken(folder, 'read', '', NOW);
    expect(statSync(tokensPath(folder))).toMatchObject({ uid: 4711, gid: 4712 });
    revokeToken(folder, entry.id);
    expect(statSync(tokensPath(folder))).toMatchObject({ uid: 4711, gid: 4712 });
    expect(readdirSync(folder)).toEqual(['tokens.json']);
  });

  it('is not written through a link that lies where it is made', () => {
    const victim = join(folder, 'victim');
    writeFileSync(victim, 'untouched');
    for (const end of ['tmp', 'lock', process.pid]) {
      symlinkSync(victim, `${tokensPath(folder)}.${end}`);
    }
    // Who can plant a lock can hold the command up, and no more.
    expect(() => whileLocked(tokensPath(folder), () => undefined, 0)).toThrow('delete that file');
    rmSync(`${tokensPath(folder)}.lock`);
    createToken(folder, 'read', '', NOW);
    expect(readFileSync(victim, 'utf8')).toBe('untouched');
    expect(readTokens(folder)).toHaveLength(1);
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
    expect(book.look().wasUsed).toBe(false);
    const { token, entry } = createToken(folder, 'write', '', NOW);
    expect(book.look().wasUsed).toBe(true);
    expect(book.look().roleOf(token, 'write')).toBe('write');
    expect(book.look().roleOf(`${token}x`, 'write')).toBeUndefined();
    revokeToken(folder, entry.id);
    expect(book.look().roleOf(token, 'write')).toBeUndefined();
    expect(book.look().wasUsed).toBe(true);
  });

  it('keeps what it was started with, and says which purposes somebody can have', () => {
    const book = open([{ role: 'write', digest: digestOf('fixed') }]);
    expect([book.look().grants('write'), book.look().grants('read')]).toEqual([true, false]);
    const { token } = createToken(folder, 'admin', '', NOW);
    expect([book.look().grants('write'), book.look().grants('read')]).toEqual([true, true]);
    expect(book.look().roleOf('fixed', 'write')).toBe('write');
    expect(book.look().roleOf(token, 'read')).toBe('admin');
  });

  it('takes a token that was set for both purposes for either', () => {
    const digest = digestOf('both');
    const book = open([
      { role: 'write', digest },
      { role: 'read', digest },
    ]);
    expect(book.look().roleOf('both', 'write')).toBe('write');
    expect(book.look().roleOf('both', 'read')).toBe('read');
  });

  it('refuses the file’s tokens while the file is broken or gone, and says so once', () => {
    const book = open();
    const { token } = createToken(folder, 'write', '', NOW);
    const good = readFileSync(tokensPath(folder));
    writeFileSync(tokensPath(folder), 'broken');
    expect(book.look().roleOf(token, 'write')).toBeUndefined();
    expect(book.look().roleOf(token, 'write')).toBeUndefined();
    expect(log).toEqual([expect.stringContaining('expected the tokens')]);
    rmSync(tokensPath(folder));
    expect(book.look().roleOf(token, 'write')).toBeUndefined();
    expect(book.look().wasUsed).toBe(true);
    writeFileSync(tokensPath(folder), good);
    expect(book.look().roleOf(token, 'write')).toBe('write');
  });

  it.each([
    ['EMFILE', 'cannot read'],
    ['EIO', 'cannot read'],
    ['EACCES', 'Give it to the user that runs the collector'],
  ])('reads a file again that the system could not open once: %s', (code, said) => {
    const book = open();
    const { token } = createToken(folder, 'write', '', NOW);
    fault.code = code;
    expect(book.look().roleOf(token, 'write')).toBeUndefined();
    expect(book.look().wasUsed).toBe(true);
    expect(log).toEqual([expect.stringContaining(said)]);
    expect(log[0]).toContain('refused until it can be read');
    fault.code = undefined;
    expect(book.look().roleOf(token, 'write')).toBe('write');
  });

  it('throws nothing when it cannot even see whether there is a file', () => {
    const { token } = createToken(folder, 'write', '', NOW);
    const book = open();
    const path = tokensPath(folder);
    renameSync(path, `${path}.kept`);
    symlinkSync('tokens.json', path);
    expect(book.look().roleOf(token, 'write')).toBeUndefined();
    expect(book.look().wasUsed).toBe(true);
    expect(log).toEqual([expect.stringContaining('ELOOP')]);
    renameSync(`${path}.kept`, path);
    expect(book.look().roleOf(token, 'write')).toBe('write');
  });

  it('sees a file that was mended in its place, with its old length and time', () => {
    const book = open();
    const { token } = createToken(folder, 'write', '', NOW);
    const path = tokensPath(folder);
    const good = readFileSync(path, 'utf8');
    const at = new Date(NOW);
    const put = (text: string): bigint => {
      writeFileSync(path, text);
      utimesSync(path, at, at);
      return statSync(path, { bigint: true }).ctimeNs;
    };
    const brokenNs = put('x'.repeat(good.length));
    expect(book.look().roleOf(token, 'write')).toBeUndefined();
    // A tick of the kernel's clock must pass before a change can be told from another.
    while (put(good) === brokenNs);
    expect(book.look().roleOf(token, 'write')).toBe('write');
  });
});
