/**
 * Who may write and who may read: bearer tokens with roles. On the loopback address both are open until
 * a token is set or made; beyond it nothing is.
 */
import { isLoopback } from '../../shared/host-name.js';
import { mayDo, type Purpose, type TokenBook } from '../tokens/token-book.js';
import { HttpError } from './http-error.js';

export interface AccessOptions {
  /** The address that the collector listens on. */
  readonly host: string;
  readonly book: TokenBook;
  /** Whether the collector was started with a token for this. */
  readonly isSet: Readonly<Record<'write' | 'read', boolean>>;
}

const FOR = { write: 'sending', read: 'reading', admin: 'administration' } as const;

/** @throws {HttpError} 401 without a token that is known, 403 when it may not do that */
export type CheckAccess = (purpose: Purpose, authorization: string | undefined) => void;

export function createAccess({ host, book, isSet }: AccessOptions): CheckAccess {
  const isLocal = isLoopback(host);
  return (purpose, authorization) => {
    const known = book.look();
    const isGuarded = purpose === 'admin' ? isSet.read || isSet.write : isSet[purpose];
    if (isLocal && !isGuarded && !known.wasUsed) return;
    if (purpose !== 'write' && !known.grants('read')) throw readingIsOff();
    const given = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
    const role = given === undefined ? undefined : known.roleOf(given, purpose);
    if (role === undefined) {
      const came = given === undefined ? 'none' : 'another';
      const expected = `a token for ${FOR[purpose]}`;
      const message = `expected ${expected} as "Authorization: Bearer …", got ${came}.`;
      throw new HttpError(401, 'unauthorized', message);
    }
    if (mayDo(role, purpose)) return;
    throw new HttpError(
      403,
      'wrong_role',
      `expected a token ${purpose === 'admin' ? 'of an admin' : `that may ${purpose}`}, got one that may ${role}.`,
    );
  };
}

function readingIsOff(): HttpError {
  return new HttpError(
    403,
    'reading_is_off',
    'this collector has no token for reading. Make one with "tachograph token create --role read", ' +
      'or set TACHOGRAPH_COLLECTOR_READ_TOKEN or --read-token-file.',
  );
}
