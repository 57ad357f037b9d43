/** Who may use a collector, from the tokens it was started with and those made in its folder. */
import { isLoopback } from '../../shared/host-name.js';
import { type CheckAccess, createAccess } from '../http/token-access.js';
import { type Grant, openTokenBook, type TokenBook } from './token-book.js';
import { digestOf } from './token-file.js';

export interface AccessSettings {
  readonly folder: string;
  readonly token?: string | undefined;
  readonly readToken?: string | undefined;
}

/** @throws {Error} when it would listen beyond this machine without a token for sending. */
export function openAccess(
  host: string,
  { folder, token, readToken }: AccessSettings,
  log: (line: string) => void,
): { readonly book: TokenBook; readonly access: CheckAccess } {
  const grants: Grant[] = [];
  if (token !== undefined) grants.push({ role: 'write', digest: digestOf(token) });
  if (readToken !== undefined) grants.push({ role: 'read', digest: digestOf(readToken) });
  const book = openTokenBook(folder, grants, log);
  if (!isLoopback(host) && !book.look().grants('write')) {
    throw new Error(
      `expected a token because ${host} can be reached from other machines, got none. ` +
        'Make one with "tachograph token create --role write", set TACHOGRAPH_COLLECTOR_TOKEN or ' +
        '--token-file, or listen on 127.0.0.1.',
    );
  }
  const isSet = { write: token !== undefined, read: readToken !== undefined };
  return { book, access: createAccess({ host, book, isSet }) };
}
