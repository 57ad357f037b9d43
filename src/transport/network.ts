/** How HTTP destinations are reached: what the machine's owner says of proxies and authorities. */

export interface Network {
  /** Where HTTP_PROXY, HTTPS_PROXY and NO_PROXY stand, in capitals or not. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Certificates in PEM whose owners vouch for servers, besides those that Node.js trusts. */
  readonly ca: string | undefined;
}

/** No proxy, and the authorities of Node.js. */
export const DIRECT: Network = { environment: {}, ca: undefined };
