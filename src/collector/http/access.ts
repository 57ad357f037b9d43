/**
 * By which names this collector may be asked: the Host allow-list of every route. A page that rebinds
 * its own name to this address still sends its own name as Host, and is refused.
 */
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { bareHost } from '../../shared/host-name.js';
import { HttpError } from './http-error.js';

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];
const WILDCARDS = new Set(['0.0.0.0', '::', '[::]']);

/** Answers whether a Host header is one of ours. */
export function hostCheck(
  boundHost: string,
  allowed: readonly string[],
): (header: string | undefined) => void {
  const names = new Set([...LOOPBACK_NAMES, ...allowed.map((name) => name.toLowerCase())]);
  const bound = isIP(boundHost) === 6 ? `[${boundHost}]` : boundHost;
  names.add(bound.toLowerCase());
  const isWildcard = WILDCARDS.has(bound);
  if (isWildcard) names.add(hostname().toLowerCase());
  return (header) => {
    const name = (header ?? '').toLowerCase().replace(/:\d*$/, '');
    // An address cannot be rebound: only names are looked up.
    const isAddress = isIP(bareHost(name)) !== 0;
    if (names.has(name) || (isWildcard && isAddress)) return;
    throw new HttpError(
      403,
      'host_not_allowed',
      'expected a Host header that names this collector, got another. ' +
        'Add the name with --allow-host if it is one of yours.',
    );
  };
}
