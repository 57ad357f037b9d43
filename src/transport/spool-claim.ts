/**
 * Who takes over what a dead owner left: one process for each owner, since its batches and its two
 * checkpoint slots are told from one another only together. Runs in the agent's worker.
 *
 * The right is a file, `<dead>.<heir>.claim`. It comes from the dead owner's marker by a rename, which
 * one process wins; where no marker is left, one is made for it. An heir that dies midway is
 * replaced by the same rename, of its claim. The heir looks at the folder only once it has the right,
 * so that whoever comes after it finds nothing twice.
 */
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import {
  listNames,
  removeFile,
  removeIfPossible,
  renameFile,
  renameIfPossible,
} from './spool-folder.js';
import {
  claimName,
  markerName,
  parseBatchName,
  parseClaim,
  parseOwned,
  renamedFor,
} from './spool-name.js';
import { ownerLives } from './spool-owner.js';

/** How often two that meet step back at once; they meet again at the next scan. */
const MEETINGS_MAX = 5;

/**
 * Gets `heir` the right to all that `dead` left.
 * @returns what lies there, read with the right in hand; undefined when another has it
 */
export function claimOwner(
  folder: string,
  dead: string,
  heir: string,
  nowMs: number,
): readonly string[] | undefined {
  const own = claimName(dead, heir);
  for (let meeting = 0; meeting < MEETINGS_MAX; meeting++) {
    const names = listNames(folder);
    if (!names.some((name) => ownerOf(name) === dead)) return undefined;
    const claims = claimsOf(names, dead);
    if (claims.some((by) => by !== heir && ownerLives(folder, by, nowMs))) return undefined;
    const predecessor = claims.find((by) => by !== heir);
    if (!claims.includes(heir)) {
      if (predecessor === undefined) standIn(join(folder, markerName(dead)));
      const from = predecessor === undefined ? markerName(dead) : claimName(dead, predecessor);
      if (!renameFile(join(folder, from), join(folder, own))) return undefined;
    }
    const left = listNames(folder);
    const others = claimsOf(left, dead).filter((by) => by !== heir);
    if (!others.some((by) => ownerLives(folder, by, nowMs))) {
      for (const by of others) removeFile(join(folder, claimName(dead, by)));
      return left.filter((name) => ownerOf(name) === dead);
    }
    // Somebody made the marker anew after our rename: neither may think that it is alone.
    removeFile(join(folder, own));
  }
  return undefined;
}

/**
 * One of the dead owner's files: the batch as the heir's, or undefined where it was none or will not
 * be renamed. That one is left where it lies, for the others' sake.
 */
export function takeOver(folder: string, name: string, heir: string): string | undefined {
  const path = join(folder, name);
  if (parseOwned(name)?.kind === 'temporary') removeIfPossible(path);
  if (parseBatchName(name) === undefined) return undefined;
  const claimed = renamedFor(name, heir);
  return renameIfPossible(path, join(folder, claimed)) ? claimed : undefined;
}

/** All that the dead owner left is taken over. */
export function releaseClaim(folder: string, dead: string, heir: string): void {
  removeFile(join(folder, markerName(dead)));
  removeFile(join(folder, claimName(dead, heir)));
}

/** Whose a file of the spool is, whatever it is; undefined when it is none of ours. */
export function ownerOf(name: string): string | undefined {
  return parseBatchName(name)?.owner ?? parseOwned(name)?.owner;
}

function claimsOf(names: readonly string[], dead: string): string[] {
  const claims = names.map(parseClaim).filter((claim) => claim?.dead === dead);
  return claims.map((claim) => claim!.heir);
}

/** A marker for an owner that has none, to be renamed. */
function standIn(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
