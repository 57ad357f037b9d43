/**
 * The tokens that the running collector accepts: those it was started with, and those of the file,
 * which is read again when it changes, so that a token made or revoked counts from the next request on.
 * Runs on the collector's main thread; a look at the file takes about 5 µs.
 */
import { timingSafeEqual } from 'node:crypto';
import { statSync } from 'node:fs';
import { digestOf, type Role, readTokens, type TokenEntry, tokensPath } from './token-file.js';

export interface Grant {
  readonly role: Role;
  readonly digest: Buffer;
}

export interface TokenBook {
  /** Whether somebody may do this with a token; false when nobody can. */
  grants(purpose: 'write' | 'read'): boolean;
  /** Whether tokens were ever made in the folder: from then on nothing is open without one. */
  readonly wasUsed: boolean;
  /** The role of a token, if it has several one that may do this; undefined for an unknown one. */
  roleOf(token: string, purpose: 'write' | 'read'): Role | undefined;
}

export function mayDo(role: Role, purpose: 'write' | 'read'): boolean {
  return role === 'admin' || role === purpose;
}

/**
 * @param fixed what the collector was started with
 * @param log is told once when the file cannot be used; its tokens count as revoked meanwhile
 * @throws {Error} when the file is there and cannot be used
 */
export function openTokenBook(
  folder: string,
  fixed: readonly Grant[],
  log: (line: string) => void,
): TokenBook {
  let seen = stampOf(folder);
  const first = readTokens(folder);
  let ofFile = grantsOf(first);
  let wasUsed = first !== undefined;

  function all(): readonly Grant[] {
    const stamp = stampOf(folder);
    if (stamp === seen) return ofFile.length === 0 ? fixed : [...fixed, ...ofFile];
    seen = stamp;
    ofFile = [];
    try {
      const tokens = readTokens(folder);
      wasUsed ||= tokens !== undefined;
      ofFile = grantsOf(tokens);
    } catch (error) {
      wasUsed = true;
      log(`tachograph collector: ${(error as Error).message} Its tokens are refused until then.`);
    }
    return [...fixed, ...ofFile];
  }

  return {
    grants: (purpose) => all().some(({ role }) => mayDo(role, purpose)),
    get wasUsed() {
      all();
      return wasUsed;
    },
    roleOf(token, purpose) {
      const given = digestOf(token);
      let found: Role | undefined;
      // All of them, so that the time tells nothing of which one it was.
      for (const { role, digest } of all()) {
        const isIt = timingSafeEqual(digest, given);
        if (isIt && (found === undefined || mayDo(role, purpose))) found = role;
      }
      return found;
    },
  };
}

function grantsOf(tokens: readonly TokenEntry[] | undefined): readonly Grant[] {
  return (tokens ?? []).map(({ role, sha256 }) => ({ role, digest: Buffer.from(sha256, 'hex') }));
}

/** Differs when the file was replaced, as each change does. */
function stampOf(folder: string): string {
  const stat = statSync(tokensPath(folder), { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? '' : `${stat.ino} ${stat.mtimeNs} ${stat.size}`;
}
