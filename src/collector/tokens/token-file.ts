/**
 * The tokens of a collector: `tokens.json` in its data folder, 0600. The `tachograph token` command
 * writes it, under a lock; the collector reads it. No token stands in it, only its SHA-256: 256 random
 * bits cannot be guessed from that, and need no slow hash as passwords do. Bounded by TOKENS_MAX.
 */
import { createHash, randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { readSmallFile } from '../../shared/small-file.js';
import { type Owner, writeWhole } from '../../shared/write-whole.js';
import { whileLocked } from './token-lock.js';

/** `write` sends batches, `read` asks for what is stored, `admin` does both. */
export const ROLES = ['write', 'read', 'admin'] as const;
export type Role = (typeof ROLES)[number];

export interface TokenEntry {
  /** What people call it when they revoke it. */
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** In hex. */
  readonly sha256: string;
  readonly createdMs: number;
}

export const TOKENS_MAX = 1000;
export const NAME_LENGTH_MAX = 100;
const VERSION = 1;
const ID_BYTES = 5;
const SECRET_BYTES = 32;

export function tokensPath(folder: string): string {
  return join(folder, 'tokens.json');
}

export function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** What stands in the file is no list of tokens: reading it again would not help. */
export class TokenFileError extends Error {
  override readonly name = 'TokenFileError';
}

/**
 * The tokens of a folder; undefined when none was ever made there.
 * @throws {TokenFileError} when what is there is no list of tokens.
 * @throws {Error} when it cannot be read.
 */
export function readTokens(folder: string): readonly TokenEntry[] | undefined {
  const path = tokensPath(folder);
  let text: string;
  try {
    text = readSmallFile(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw code === undefined ? notTokens(path, message) : unreadable(path, error as Error);
  }
  const tokens = parse(text);
  if (tokens === undefined) throw notTokens(path, 'other text');
  return tokens;
}

function notTokens(path: string, came: string): TokenFileError {
  return new TokenFileError(
    `${path}: expected the tokens that "tachograph token" writes, got ${came}. ` +
      'Put a copy of it back, or move it away and make tokens anew.',
  );
}

/** The system's refusal, with what to do where the rights are at fault. */
export function unreadable(path: string, cause: NodeJS.ErrnoException): Error {
  const isRight = cause.code === 'EACCES' || cause.code === 'EPERM';
  const remedy = isRight ? ' Give it to the user that runs the collector, with mode 0600.' : '';
  return new Error(`cannot read ${path}: ${cause.message}.${remedy}`, { cause });
}

/**
 * Makes a token and returns it: the only time that it is seen.
 * @throws {Error} when the file cannot be read or written, or holds TOKENS_MAX.
 */
export function createToken(
  folder: string,
  role: Role,
  name: string,
  nowMs: number,
): { token: string; entry: TokenEntry } {
  return whileLocked(tokensPath(folder), () => {
    const tokens = readTokens(folder) ?? [];
    if (tokens.length >= TOKENS_MAX) {
      throw new Error(`expected at most ${TOKENS_MAX} tokens, got one more. Revoke some first.`);
    }
    // The role in its name: one that was put in the wrong place can be told by looking at it.
    const token = `tacho_${role}_${randomBytes(SECRET_BYTES).toString('base64url')}`;
    const sha256 = digestOf(token).toString('hex');
    const id = randomBytes(ID_BYTES).toString('hex');
    const entry: TokenEntry = { id, name, role, sha256, createdMs: nowMs };
    write(folder, [...tokens, entry]);
    return { token, entry };
  });
}

/** Takes a token away; false when there is none of that id. @throws {Error} as `createToken`. */
export function revokeToken(folder: string, id: string): boolean {
  // Nothing is made, not even a lock, where no token ever was.
  if (readTokens(folder) === undefined) return false;
  return whileLocked(tokensPath(folder), () => {
    const tokens = readTokens(folder) ?? [];
    const left = tokens.filter((entry) => entry.id !== id);
    if (left.length === tokens.length) return false;
    // An empty list is written too: where tokens were made, their absence opens nothing.
    write(folder, left);
    return true;
  });
}

/** In one step, and on the disk before it returns: a power cut brings no revoked token back. */
function write(folder: string, tokens: readonly TokenEntry[]): void {
  const text = `${JSON.stringify({ version: VERSION, tokens }, null, 2)}\n`;
  writeWhole(tokensPath(folder), Buffer.from(text), true, ownerFor(folder));
}

/** What the administrator makes is of whom the folder is, or the collector could not read it. */
function ownerFor(folder: string): Owner | undefined {
  return process.getuid?.() === 0 ? statSync(folder) : undefined;
}

function parse(text: string): readonly TokenEntry[] | undefined {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { version, tokens } = (file ?? {}) as { version?: unknown; tokens?: unknown };
  if (version !== VERSION || !Array.isArray(tokens) || tokens.length > TOKENS_MAX) return undefined;
  return tokens.every(isEntry) ? tokens : undefined;
}

function isEntry(value: unknown): value is TokenEntry {
  const { id, name, role, sha256, createdMs } = (value ?? {}) as Record<string, unknown>;
  return (
    typeof id === 'string' &&
    typeof name === 'string' &&
    ROLES.includes(role as Role) &&
    typeof sha256 === 'string' &&
    /^[0-9a-f]{64}$/.test(sha256) &&
    Number.isSafeInteger(createdMs)
  );
}
