/**
 * `/v1/session`: signing in to the dashboard with a token or the link of the collector's start, and out
 * again. Runs on the collector's main thread; a body is BODY_BYTES_MAX at most.
 */
import type { Hono } from 'hono';
import { HttpError } from '../http/http-error.js';
import type { CheckAccess } from '../http/token-access.js';
import type { TokenBook } from '../tokens/token-book.js';
import { digestOf } from '../tokens/token-file.js';
import type { LoginCode } from './login-code.js';
import { checkSameOrigin } from './same-origin.js';
import { SESSION_COOKIE, sessionId, sessionRole } from './session-access.js';
import { SESSION_MS, type SessionRole, type Sessions } from './sessions.js';

export interface SessionRoutesOptions {
  readonly access: CheckAccess;
  readonly sessions: Sessions;
  readonly book: TokenBook;
  readonly code: LoginCode;
}

const BODY_BYTES_MAX = 4096;

export function addSessionRoutes(app: Hono, options: SessionRoutesOptions): void {
  const { sessions } = options;
  app.get('/v1/session', (context) => context.json(stateOf(context.req.raw.headers, options)));
  app.post('/v1/session', async (context) => {
    const { headers } = context.req.raw;
    checkSameOrigin(headers);
    const opened = openSession(await readBody(context.req.raw), options);
    const old = sessionId(headers);
    if (old !== undefined) sessions.close(old);
    context.header('set-cookie', cookie(opened.id, SESSION_MS / 1000, headers));
    return context.json({ isOpen: false, role: opened.role });
  });
  app.delete('/v1/session', (context) => {
    const { headers } = context.req.raw;
    checkSameOrigin(headers);
    const id = sessionId(headers);
    if (id !== undefined) sessions.close(id);
    context.header('set-cookie', cookie('', 0, headers));
    return context.json({ isOpen: false, role: null });
  });
}

interface SessionState {
  /** Everything may be read without signing in. */
  readonly isOpen: boolean;
  /** Null when nobody has signed in and it is needed. */
  readonly role: SessionRole | null;
}

function mayAdminister({ access }: SessionRoutesOptions): boolean {
  try {
    access('admin', undefined);
    return true;
  } catch {
    return false;
  }
}

function stateOf(headers: Headers, options: SessionRoutesOptions): SessionState {
  try {
    options.access('read', undefined);
    return { isOpen: true, role: mayAdminister(options) ? 'admin' : 'read' };
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    return { isOpen: false, role: sessionRole(headers, options) ?? null };
  }
}

/** @throws {HttpError} 401, 403 */
function openSession(
  { token, code }: Credentials,
  options: SessionRoutesOptions,
): { readonly id: string; readonly role: SessionRole } {
  const { sessions } = options;
  if (code !== undefined) {
    if (options.code.use(code)) return { id: sessions.open('admin', undefined), role: 'admin' };
    const message =
      'expected the link that the collector printed at its start, unused, got another.';
    throw new HttpError(401, 'unauthorized', `${message} Sign in with a token instead.`);
  }
  const found = options.book.look().roleOf(token, 'read');
  if (found === undefined) {
    throw new HttpError(401, 'unauthorized', 'expected a token of this collector, got another.');
  }
  if (found === 'write') {
    const message = 'expected a token that may read, got one that may write.';
    throw new HttpError(403, 'wrong_role', message);
  }
  return { id: sessions.open(found, digestOf(token)), role: found };
}

interface Credentials {
  readonly token: string;
  readonly code: string | undefined;
}

/** @throws {HttpError} 400, 413, 415 */
async function readBody(request: Request): Promise<Credentials> {
  const type = (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') {
    const message = 'expected Content-Type application/json, got another.';
    throw new HttpError(415, 'unsupported_media_type', message, { close: true });
  }
  if (!(Number(request.headers.get('content-length') ?? BODY_BYTES_MAX + 1) <= BODY_BYTES_MAX)) {
    const message = `expected a Content-Length of at most ${BODY_BYTES_MAX} bytes, got more or none.`;
    throw new HttpError(413, 'body_too_large', message, { close: true });
  }
  const body: unknown = await request.json().catch(() => undefined);
  const { token, code } = (body ?? {}) as Record<string, unknown>;
  if (typeof token === 'string') return { token, code: undefined };
  if (typeof code === 'string') return { token: '', code };
  throw new HttpError(
    400,
    'bad_body',
    'expected {"token":"…"} or {"code":"…"}, got something else.',
  );
}

/** Behind a proxy that speaks TLS the page's own origin says so. */
function cookie(value: string, seconds: number, headers: Headers): string {
  const secure = headers.get('origin')?.startsWith('https:') ? '; Secure' : '';
  return `${SESSION_COOKIE}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure}`;
}
