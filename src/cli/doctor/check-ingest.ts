/**
 * Whether a destination takes batches, told from its answer to a POST that is none: a collector looks at
 * the token first, then at the type of what comes, and refuses it before it reads a byte.
 */
import { maskedUrl } from '../../shared/masked-url.js';
import type { Ask, Failure, Reply } from './ask.js';
import { attention, type Finding, ok, trouble } from './finding.js';
import type { HttpTarget } from './http-target.js';

/** `none`: no token is asked for. `unknown`: everyone may read there, so that only sending is told. */
export type TokenRole = 'none' | 'write' | 'admin' | 'unknown';

/** Statuses by which a receiver says that it takes batches, and that this was none. */
const NO_BATCH: ReadonlySet<number> = new Set([400, 413, 415, 422]);
const MAKE_TOKEN =
  'Make one with "tachograph token create --role write" and set it as TACHOGRAPH_TOKEN.';

/** A POST of nothing, whose type is not that of batches. */
export function askIngest(
  { destination }: HttpTarget,
  ask: Ask,
  authorization: string,
): Promise<Reply | Failure> {
  const headers = authorization === '' ? {} : { authorization };
  return ask({ method: 'POST', url: destination.url, headers });
}

/** A web page with such a status is from whatever stands before the collector, or in its place. */
export function isNoBatch(reply: Reply): boolean {
  return NO_BATCH.has(reply.status) && !isPage(reply);
}

export function isPage({ contentType }: Reply): boolean {
  return /\bhtml\b/i.test(contentType);
}

/** @param role of the token that was sent; undefined when none was */
export function ingestFinding(reply: Reply, role: TokenRole | undefined): Finding {
  const { status, location } = reply;
  const facts = { status };
  if (isNoBatch(reply)) return accepted(status, role);
  if (isPage(reply) && (NO_BATCH.has(status) || status === 200)) {
    const todo = 'Check the address: a log-in page, a proxy or another web site stands there.';
    return trouble('ingest', `a web page comes (${status}), and no collector`, todo, facts);
  }
  if (status >= 200 && status < 300) {
    const todo = 'Check that a receiver of batches stands there.';
    return attention('ingest', `it says yes to what is no batch (${status})`, todo, facts);
  }
  if (status === 401 || status === 403) return refused(reply, role !== undefined);
  if (status === 407) {
    const todo = 'HTTP_PROXY=http://user:password@host:port';
    return trouble('ingest', 'the proxy asks for credentials (407)', todo, facts);
  }
  if (status >= 300 && status < 400) {
    const found = `it sends elsewhere (${status}): ${maskedUrl(location) || 'to an unnamed place'}`;
    const todo = 'Redirects are not followed: set that address in TACHOGRAPH_URL.';
    return trouble('ingest', found, todo, facts);
  }
  if (status >= 500 || status === 429 || status === 408) {
    const todo = 'Look at the collector, and at what stands before it. Batches wait in the spool.';
    return trouble('ingest', `it cannot take batches now (${status})`, todo, facts);
  }
  const todo = 'Check host, port and path in TACHOGRAPH_URL.';
  return trouble('ingest', `no collector takes batches there (${status})`, todo, facts);
}

function accepted(status: number, role: TokenRole = 'none'): Finding {
  const facts = { status, role };
  switch (role) {
    case 'none':
      return ok('ingest', 'it takes batches, and asks for no token', facts);
    case 'unknown':
      return ok('ingest', 'it takes batches with the credentials that are set', facts);
    case 'write':
      return ok('ingest', 'it takes batches; the token has the role write', facts);
    case 'admin':
      return ok(
        'ingest',
        'it takes batches; the token has the role admin, where write is enough',
        facts,
      );
  }
}

function refused({ status, text }: Reply, hasToken: boolean): Finding {
  const { code, message } = errorOf(text);
  const facts = { status, code };
  if (code === 'host_not_allowed') {
    const todo =
      'Start it with --allow-host and the name in TACHOGRAPH_URL, or use its own address.';
    return trouble('ingest', 'the collector is not known by that name (403)', todo, facts);
  }
  if (code === 'wrong_role') {
    const role = /got one that may (\w+)/.exec(message)?.[1] ?? 'another';
    const found = `the token may not send (403): its role is ${role}`;
    return trouble('ingest', found, MAKE_TOKEN, { ...facts, role });
  }
  const found = hasToken
    ? `the token is refused (${status})`
    : `it asks for a token (${status}), and none is set`;
  return trouble('ingest', found, MAKE_TOKEN, facts);
}

/** `{"error":{"code","message"}}` of a collector; empty when something else refuses. */
export function errorOf(text: string): { readonly code: string; readonly message: string } {
  try {
    const { error } = JSON.parse(text) as { error?: { code?: unknown; message?: unknown } };
    return { code: String(error?.code ?? ''), message: String(error?.message ?? '') };
  } catch {
    return { code: '', message: '' };
  }
}
