/**
 * Runs in a measured process, first: the peer's packages, which are in a folder of their own. BENCH_PEER_FOLDER
 * names it and ends with a slash.
 */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const folder = pathToFileURL(String(process.env.BENCH_PEER_FOLDER));

/** `require` as from a project that has the peer installed. */
export const requirePeer = createRequire(folder);

/**
 * @param {string} path Below the folder's node_modules.
 * @returns {string} A URL to import.
 */
export function peerUrl(path) {
  return new URL(`node_modules/${path}`, folder).href;
}

/**
 * Says that the peer is up: start-up runs look for this symbol.
 *
 * @param {string} name
 */
export function markStarted(name) {
  Object.assign(globalThis, { [Symbol.for(`bench.${name}`)]: true });
}
