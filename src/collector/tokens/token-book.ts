/**
 * The tokens that the running collector accepts: those it was started with, and those of the file,
 * which is read again when it changes, so that a token made or revoked counts from the next request on.
 * Runs on the collector's main thread; a look at the file takes about 5 µs, and each request takes one.
 */
import { timingSafeEqual } from 'node:crypto';
import { statSync } from 'node:fs';
import {
  digestOf,
  type Role,
  readTokens,
  type TokenEntry,
  TokenFileError,
  tokensPath,
  unreadable,
} from './token-file.js';

export interface Grant {
  readonly role: Role;
  readonly digest: Buffer;
}

/** The tokens at one moment. */
export interface KnownTokens {
  /** Whether somebody may do this with a token; false when nobody can. */
  grants(purpose: Purpose): boolean;
  /** Whether tokens were ever made in the folder: from then on nothing is open without one. */
  readonly wasUsed: boolean;
  /** The role of a token, if it has several one that may do this; undefined for an unknown one. */
  roleOf(token: string, purpose: Purpose): Role | undefined;
  /** Whether the token of this SHA-256 is known still, and may read. */
  mayRead(digest: Buffer): boolean;
}

export interface TokenBook {
  /** Throws nothing: a file that cannot be used grants nothing. */
  look(): KnownTokens;
}

/** `admin` changes what the collector keeps for people: silences, and the like. */
export type Purpose = 'write' | 'read' | 'admin';

export function mayDo(role: Role, purpose: Purpose): boolean {
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
  /** Undefined while the file is to be read whatever its stamp is. */
  let seen: string | undefined = stampOf(folder);
  const first = readTokens(folder);
  let wasUsed = first !== undefined;
  let known = knownTokens([...fixed, ...grantsOf(first)], wasUsed);
  let said: string | undefined;

  function renew(): void {
    const before = seen;
    // Until the file was read: what the system could not do now it may do at the next look.
    seen = undefined;
    const stamp = stampOf(folder);
    if (stamp !== before) readAnew(stamp);
    seen = stamp;
  }

  function readAnew(stamp: string): void {
    wasUsed ||= stamp !== GONE;
    try {
      const tokens = readTokens(folder);
      wasUsed ||= tokens !== undefined;
      known = knownTokens([...fixed, ...grantsOf(tokens)], wasUsed);
      said = undefined;
    } catch (error) {
      if (error instanceof TokenFileError) seen = stamp;
      throw error;
    }
  }

  function refuse(error: Error): void {
    known = knownTokens(fixed, true);
    const { message } = error;
    if (message === said) return;
    said = message;
    const isWrong = error instanceof TokenFileError;
    const until = isWrong ? 'it is changed' : 'it can be read, which each request tries';
    log(`tachograph collector: ${message} Its tokens are refused until ${until}.`);
  }

  return {
    look() {
      try {
        renew();
      } catch (error) {
        refuse(error as Error);
      }
      return known;
    },
  };
}

function knownTokens(all: readonly Grant[], wasUsed: boolean): KnownTokens {
  return {
    wasUsed,
    mayRead: (given) =>
      all.filter(({ role, digest }) => timingSafeEqual(digest, given) && mayDo(role, 'read'))
        .length > 0,
    grants: (purpose) => all.some(({ role }) => mayDo(role, purpose)),
    roleOf(token, purpose) {
      const given = digestOf(token);
      let found: Role | undefined;
      // All of them, so that the time tells nothing of which one it was.
      for (const { role, digest } of all) {
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

/** Of a file that is not there. */
const GONE = '';

/** Differs when the file was replaced, as each change does, or was given to somebody else. */
function stampOf(folder: string): string {
  const path = tokensPath(folder);
  try {
    const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
    return stat === undefined ? GONE : `${stat.ino} ${stat.mtimeNs} ${stat.ctimeNs} ${stat.size}`;
  } catch (error) {
    throw unreadable(path, error as NodeJS.ErrnoException);
  }
}
