/**
 * What the dashboard needs of a running collector: its built files, the sessions of those who signed in, the
 * link that signs in once, and the live stream. Owned by the collector's main thread.
 */
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { HttpError } from '../http/http-error.js';
import type { CheckAccess } from '../http/token-access.js';
import { createLiveBus, type LiveBus } from '../live/live-bus.js';
import type { TokenBook } from '../tokens/token-book.js';
import { createLoginCode, type LoginCode } from './login-code.js';
import { type PageFile, readPageFiles } from './page-files.js';
import { createSessions, type Sessions } from './sessions.js';

export interface Dashboard {
  readonly files: ReadonlyMap<string, PageFile> | undefined;
  readonly access: CheckAccess;
  readonly book: TokenBook;
  readonly sessions: Sessions;
  readonly code: LoginCode;
  readonly live: LiveBus;
}

export interface DashboardOptions {
  readonly access: CheckAccess;
  readonly book: TokenBook;
  /** Where its built files are. */
  readonly folder?: string | undefined;
  /** Unix ms. */
  readonly now: () => number;
}

/** Beside the compiled collector. */
const PLACE = '../../browser/dashboard';
const FOLDER = fileURLToPath(new URL(PLACE, import.meta.url));
const ID_BYTES = 32;

export function openDashboard({ access, book, folder, now }: DashboardOptions): Dashboard {
  const randomId = (): string => randomBytes(ID_BYTES).toString('base64url');
  return {
    files: readPageFiles(folder ?? FOLDER),
    access,
    book,
    sessions: createSessions({ randomId, now }),
    code: createLoginCode(randomId(), now),
    live: createLiveBus({ epoch: randomBytes(4).toString('hex') }),
  };
}

/** The link that signs in once; undefined where everybody may read. */
export function loginUrlOf(url: string, { access, code }: Dashboard): string | undefined {
  try {
    access('read', undefined);
    return undefined;
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    // A fragment: browsers send it to nobody, and no log of a proxy has it.
    return `${url}/#login=${code.code}`;
  }
}
