/**
 * How HTTP destinations are reached: what the machine's owner says of proxies and authorities, and the gate that
 * all of a worker's name lookups pass.
 */
import { type LookupGate, lookupGate } from './single-lookup.js';

export interface Network {
  /**
   * Where HTTP_PROXY, HTTPS_PROXY and NO_PROXY stand, in capitals or not, REQUEST_METHOD of a CGI program, and
   * NODE_EXTRA_CA_CERTS.
   */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Certificates in PEM whose owners vouch for servers, besides those that Node.js trusts. */
  readonly ca: string | undefined;
  readonly gate: LookupGate;
}

/** Of a worker; without arguments there is no proxy, and the authorities are those of Node.js. */
export function networkOf(environment: Network['environment'] = {}, ca?: string): Network {
  return { environment, ca, gate: lookupGate() };
}
