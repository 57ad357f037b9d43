/**
 * Space of local file systems by statfs(2). Slow tier. Only types that live on the machine: statfs
 * of a network file system whose server is gone never returns. For the same reason the call is the
 * synchronous one: a disk that hangs then holds the agent's worker, never one of the four threads of
 * libuv's pool, which belong to the application.
 */
import { statfsSync, statSync } from 'node:fs';
import { FILE_SYSTEMS_MAX, reportFileSystem } from '../file-system-report.js';
import type { KernelContext, KernelReader } from './kernel-reader.js';
import { MOUNTINFO_BYTES_MAX, type Mount, parseMounts } from './mounts.js';
import { readText } from './read-text.js';

const LOCAL_TYPES: ReadonlySet<string> = new Set([
  ...['ext2', 'ext3', 'ext4', 'xfs', 'btrfs', 'zfs', 'f2fs', 'jfs', 'reiserfs', 'bcachefs'],
  ...['vfat', 'exfat', 'ntfs', 'ntfs3', 'overlay'],
]);

/** Longer mount points are volumes with generated names; they are of no use as a label. */
const MOUNT_POINT_LENGTH_MAX = 255;

export function createFileSystems({ sink, root }: KernelContext): KernelReader {
  return {
    sample() {
      const text = readText(`${root}/proc/self/mountinfo`, MOUNTINFO_BYTES_MAX);
      if (text === undefined) return;
      let reported = 0;
      for (const { mountPoint } of distinctFileSystems(parseMounts(text), root)) {
        if (reported === FILE_SYSTEMS_MAX) return;
        try {
          const { bsize, blocks, bfree, bavail } = statfsSync(root + mountPoint);
          reportFileSystem(sink, {
            mountPoint,
            used: (blocks - bfree) * bsize,
            free: bavail * bsize,
            reserved: (bfree - bavail) * bsize,
          });
          reported++;
        } catch {
          // Unmounted since the table was read, or not ours to look into.
        }
      }
    },
    close() {},
  };
}

/**
 * One mount of each local file system, the one nearest to '/': bind mounts, which containers are
 * full of, show the same space again. Files mounted over files (/etc/hosts) are not file systems.
 */
function* distinctFileSystems(mounts: readonly Mount[], root: string): Generator<Mount> {
  const seen = new Set<string>();
  const byDepth = [...mounts].sort((a, b) => a.mountPoint.length - b.mountPoint.length);
  for (const mount of byDepth) {
    const { type, source, device, mountPoint } = mount;
    if (!LOCAL_TYPES.has(type) || mountPoint.length > MOUNT_POINT_LENGTH_MAX) continue;
    // Subvolumes of btrfs have a device number each, but the source in common.
    const key = source.startsWith('/') ? source : device;
    if (seen.has(key) || !isFolder(root + mountPoint)) continue;
    seen.add(key);
    yield mount;
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
