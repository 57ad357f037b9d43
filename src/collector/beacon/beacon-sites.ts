/**
 * Which pages may send: the sites of the configuration. Each has a key, which is no secret (it stands in
 * the source of the page), and the service whose pages they are. Without a site and an origin the beacon
 * is off. Pure.
 */

export interface BeaconSites {
  /** Service by key. */
  readonly services: ReadonlyMap<string, string>;
  /** As browsers send them: scheme, host and port. */
  readonly origins: ReadonlySet<string>;
}

export const NO_SITES: BeaconSites = { services: new Map(), origins: new Set() };

const SITES_MAX = 100;
const KEY = /^[\w.~-]{8,64}$/;
const SERVICE_LENGTH_MAX = 200;

/**
 * @param keys `KEY=SERVICE` each
 * @param origins `https://shop.example` each
 * @throws {Error} what was expected, and what is wrong with it
 */
export function readBeaconSites(keys: readonly string[], origins: readonly string[]): BeaconSites {
  if (keys.length === 0 && origins.length === 0) return NO_SITES;
  if (keys.length === 0 || origins.length === 0) {
    const missing = keys.length === 0 ? '--beacon-key KEY=SERVICE' : '--beacon-origin URL';
    throw new Error(
      `expected a key and an origin for the beacon, got only one of them. Add ${missing}.`,
    );
  }
  if (keys.length > SITES_MAX || origins.length > SITES_MAX) {
    throw new Error(`expected at most ${SITES_MAX} keys and origins for the beacon, got more.`);
  }
  return { services: new Map(keys.map(readKey)), origins: new Set(origins.map(readOrigin)) };
}

function readKey(text: string): [key: string, service: string] {
  const at = text.indexOf('=');
  const [key, service] = [text.slice(0, at), text.slice(at + 1).trim()];
  if (at > 0 && KEY.test(key) && service !== '' && service.length <= SERVICE_LENGTH_MAX) {
    return [key, service];
  }
  throw new Error(
    'beacon key: expected KEY=SERVICE, the key of 8 to 64 letters, digits or any of _ . ~ -, ' +
      `got ${JSON.stringify(text)}.`,
  );
}

function readOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isOrigin = url !== undefined && `${url.origin}/` === url.href;
  if (isOrigin && (url.protocol === 'https:' || url.protocol === 'http:')) return url.origin;
  throw new Error(
    `beacon origin: expected scheme, host and port such as https://shop.example, got ${JSON.stringify(text)}.`,
  );
}
