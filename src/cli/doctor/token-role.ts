/**
 * What a token may do at a collector that takes batches with it, found out by asking with and without
 * it. At most three requests; the collector refuses each, or reads.
 */
import type { Ask } from './ask.js';
import { askIngest, isNoBatch, type TokenRole } from './check-ingest.js';
import { type HttpTarget, pathBeside } from './http-target.js';

export async function tokenRole(target: HttpTarget, ask: Ask, token: string): Promise<TokenRole> {
  const anonymous = await askIngest(target, ask, '');
  if (anonymous.kind === 'reply' && isNoBatch(anonymous)) return 'none';
  const url = pathBeside(target, 'services');
  const reads = async (headers: Record<string, string>): Promise<boolean | undefined> => {
    const reply = await ask({ method: 'GET', url, headers });
    if (reply.kind === 'failure') return undefined;
    if (reply.status === 200) return true;
    return reply.status === 401 || reply.status === 403 ? false : undefined;
  };
  const withToken = await reads({ authorization: `Bearer ${token}` });
  if (withToken === false) return 'write';
  return withToken === true && (await reads({})) === false ? 'admin' : 'unknown';
}
