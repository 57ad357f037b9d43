/**
 * Who may read, and who may change something: by a bearer token as everywhere, or by the session of the
 * dashboard. A request without a token that changes something must come from the collector's own page.
 * Runs on the collector's main thread for every request under /v1 that is not a batch.
 */
import { HttpError } from '../http/http-error.js';
import type { CheckAccess } from '../http/token-access.js';
import type { TokenBook } from '../tokens/token-book.js';
import { checkSameOrigin, namesOrigin } from './same-origin.js';
import type { SessionRole, Sessions } from './sessions.js';

export const SESSION_COOKIE = 'tachograph_session';

/** Methods that change nothing. */
const SAFE = new Set(['GET', 'HEAD']);

export interface SessionAccessOptions {
  readonly access: CheckAccess;
  readonly sessions: Sessions;
  readonly book: TokenBook;
}

/** @throws {HttpError} 401, 403 */
export type CheckRequest = (request: Request) => void;

export function createSessionAccess(options: SessionAccessOptions): CheckRequest {
  return (request) => {
    const { headers, method } = request;
    const authorization = headers.get('authorization') ?? undefined;
    const purpose = SAFE.has(method) ? 'read' : 'admin';
    if (authorization === undefined) {
      if (purpose === 'admin') checkSameOrigin(headers);
      const role = sessionRole(headers, options);
      if (role !== undefined) {
        checkRole(role, purpose);
        if (purpose === 'admin' && !namesOrigin(headers)) throw noOrigin();
        return;
      }
    }
    options.access(purpose, authorization);
  };
}

/** Of the session that the request's cookie names. */
export function sessionRole(
  headers: Headers,
  { sessions, book }: Pick<SessionAccessOptions, 'sessions' | 'book'>,
): SessionRole | undefined {
  const id = sessionId(headers);
  return id === undefined ? undefined : sessions.roleOf(id, book.look());
}

export function sessionId(headers: Headers): string | undefined {
  const pattern = new RegExp(`(?:^|; *)${SESSION_COOKIE}=([\\w-]{20,100})(?:;|$)`);
  return pattern.exec(headers.get('cookie') ?? '')?.[1];
}

function checkRole(role: SessionRole, purpose: 'read' | 'admin'): void {
  if (role === 'admin' || role === purpose) return;
  const message = 'expected a session of an admin, got one that may read.';
  throw new HttpError(403, 'wrong_role', message);
}

function noOrigin(): HttpError {
  const message = 'expected the header Origin or Sec-Fetch-Site beside a session, got neither.';
  return new HttpError(403, 'other_origin', message);
}
