/** A peer's packages and the version that names it. */
import { npmFolder } from '../npm-folder.js';

/**
 * @param {import('./peers.js').Peer} peer
 * @param {(line: string) => void} progress
 * @returns {string} The folder, with a slash at its end.
 * @throws {import('../bench-error.js').BenchError} when npm cannot install it.
 */
export function installPeer(peer, progress) {
  return npmFolder(`bench-peers/${peer.name}-${versionOf(peer)}`, peer.packages, progress);
}

/**
 * The version that names a peer: that of its last package.
 *
 * @param {import('./peers.js').Peer} peer
 * @returns {string}
 */
export function versionOf({ packages }) {
  return Object.values(packages).at(-1) ?? '';
}
