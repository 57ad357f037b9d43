/**
 * Where the process's own control group is, from /proc/self/cgroup and the mount table: cgroup v1,
 * v2, and both at once (hybrid), controller by controller. Pure: the caller reads the two texts.
 */
import type { Mount } from './mounts.js';

export interface GroupPath {
  readonly version: 1 | 2;
  readonly mountPoint: string;
  /** Folders of the group and of its ancestors up to the mount, nearest first. */
  readonly folders: readonly string[];
}

/** Deeper groups exist only where someone nests them for sport. */
const DEPTH_MAX = 32;

/**
 * The group of `controller` ("memory", "cpu", "cpuacct"): in its v1 hierarchy where it is mounted
 * there, else in the v2 hierarchy. Undefined when it is in neither.
 */
export function findGroup(
  controller: string,
  membership: string,
  mounts: readonly Mount[],
): GroupPath | undefined {
  const lines = membership.split('\n').map(parseMembership);
  const v1 = mounts.find(
    ({ type, superOptions }) => type === 'cgroup' && superOptions.includes(controller),
  );
  const v1Path = lines.find((line) => line.controllers.includes(controller))?.path;
  if (v1 !== undefined && v1Path !== undefined) return groupPath(1, v1, v1Path);

  const v2 = mounts.find(({ type }) => type === 'cgroup2');
  const v2Path = lines.find((line) => line.hierarchy === '0')?.path;
  return v2 === undefined || v2Path === undefined ? undefined : groupPath(2, v2, v2Path);
}

/** `hierarchy:controller,controller:path`; the path may contain colons. */
function parseMembership(line: string): {
  readonly hierarchy: string;
  readonly controllers: readonly string[];
  readonly path: string | undefined;
} {
  const [hierarchy = '', controllers = '', ...path] = line.split(':');
  return {
    hierarchy,
    controllers: controllers.split(','),
    path: path.length === 0 ? undefined : path.join(':'),
  };
}

function groupPath(version: 1 | 2, mount: Mount, path: string): GroupPath {
  const { mountPoint } = mount;
  const steps = stepsBelow(mount.root, path);
  const folders = [mountPoint];
  for (let depth = 1; depth <= steps.length; depth++) {
    folders.unshift(`${mountPoint}/${steps.slice(0, depth).join('/')}`);
  }
  return { version, mountPoint, folders };
}

/**
 * The way from what is mounted to the group. A container without a cgroup namespace sees its path
 * from the host's root while only that very folder is mounted (`mount.root` is then the same path).
 * A path that leads out of the namespace ("/../..") cannot be followed: the mount itself is nearest.
 */
function stepsBelow(mountRoot: string, path: string): string[] {
  const base = mountRoot === '/' ? '' : mountRoot;
  const isBelow = path === base || path.startsWith(`${base}/`);
  const steps = (isBelow ? path.slice(base.length) : path).split('/').filter((step) => step !== '');
  return steps.includes('..') || steps.length > DEPTH_MAX ? [] : steps;
}
