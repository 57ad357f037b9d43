/** What several rows of the adapter table share on one application thread, made when first one asks. */
import type { ProbeHost } from '../probe.js';

export function perHost<Shared>(make: (host: ProbeHost) => Shared): (host: ProbeHost) => Shared {
  const made = new WeakMap<ProbeHost, Shared & object>();
  return (host) => {
    const known = made.get(host);
    if (known !== undefined) return known;
    const shared = make(host) as Shared & object;
    made.set(host, shared);
    return shared;
  };
}
