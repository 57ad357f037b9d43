/**
 * Sessions of people who signed in to the dashboard: random ids that only this process knows. Owned by
 * the collector's main thread, kept in memory, SESSIONS_MAX at most, SESSION_MS long. A session ends
 * with the token that opened it. What is kept of an id is its SHA-256, so that looking it up tells a
 * clock nothing.
 */
import { createHash } from 'node:crypto';
import type { KnownTokens } from '../tokens/token-book.js';

/** What a session may do: `read` looks, `admin` changes things too. */
export type SessionRole = 'read' | 'admin';

export const SESSION_MS: number = 12 * 3_600_000;
const SESSIONS_MAX = 500;

interface Session {
  readonly role: SessionRole;
  /** SHA-256 of the token; undefined of one that was opened by the collector's own one-time link. */
  readonly token: Buffer | undefined;
  readonly endsMs: number;
}

export interface Sessions {
  /** The id to give to the browser. */
  open(role: SessionRole, token: Buffer | undefined): string;
  /** Undefined when there is none of that id any more. */
  roleOf(id: string, known: KnownTokens): SessionRole | undefined;
  close(id: string): void;
}

export interface SessionsOptions {
  readonly randomId: () => string;
  /** Unix ms. */
  readonly now: () => number;
}

export function createSessions({ randomId, now }: SessionsOptions): Sessions {
  const sessions = new Map<string, Session>();

  function forgetEnded(): void {
    for (const [key, { endsMs }] of sessions) if (endsMs <= now()) sessions.delete(key);
    // The oldest goes first: a map keeps the order of insertion.
    for (const key of sessions.keys()) {
      if (sessions.size < SESSIONS_MAX) break;
      sessions.delete(key);
    }
  }

  return {
    open(role, token) {
      forgetEnded();
      const id = randomId();
      sessions.set(keyOf(id), { role, token, endsMs: now() + SESSION_MS });
      return id;
    },
    roleOf(id, known) {
      const key = keyOf(id);
      const session = sessions.get(key);
      if (session === undefined) return undefined;
      const isKnown = session.token === undefined || known.mayRead(session.token);
      if (isKnown && session.endsMs > now()) return session.role;
      sessions.delete(key);
      return undefined;
    },
    close: (id) => void sessions.delete(keyOf(id)),
  };
}

function keyOf(id: string): string {
  return createHash('sha256').update(id).digest('base64');
}
