/**
 * Which group's numbers are "the container": among the process's group and its ancestors, the one
 * with the tightest limit, for that is the one that will stop it. Without any limit, its own group.
 * All numbers of a resource come from this one group, so that usage, limit and share agree.
 */
import { existsSync } from 'node:fs';
import type { GroupPath } from './control-groups.js';
import { readText } from './read-text.js';

export interface LimitCarrier {
  /** As the process sees it, without the source's root. */
  readonly folder: string;
  /** Infinity without a limit. */
  readonly limit: number;
}

const VALUE_BYTES_MAX = 4096;

/**
 * The group's folders that have `fileName`, nearest first, without the root of the hierarchy: the
 * root is the whole host, which has its own metrics. Only a v1 root has `release_agent`; only a v2
 * root has no `cgroup.events`. (The root that a namespace shows is an ordinary group by both.)
 */
export function groupsWith(root: string, group: GroupPath, fileName: string): string[] {
  return group.folders.filter((folder) => {
    const path = root + folder;
    const isHierarchyRoot =
      group.version === 1
        ? existsSync(`${path}/release_agent`)
        : !existsSync(`${path}/cgroup.events`);
    return !isHierarchyRoot && existsSync(`${path}/${fileName}`);
  });
}

/** The folder with the lowest limit, the nearest of equals; undefined when there is no folder. */
export function pickCarrier(
  folders: readonly string[],
  limitOf: (folder: string) => number,
): LimitCarrier | undefined {
  let carrier: LimitCarrier | undefined;
  for (const folder of folders) {
    const limit = limitOf(folder);
    if (carrier === undefined || limit < carrier.limit) carrier = { folder, limit };
  }
  return carrier;
}

/**
 * Numbers of a small file, in order: "200000 100000", "max 100000", "-1". A word that is no number
 * is NaN. Empty when the file cannot be read.
 */
export function readValues(path: string): number[] {
  const text = readText(path, VALUE_BYTES_MAX)?.trim();
  return text ? text.split(/\s+/).map(Number) : [];
}
