/** Space of one file system in bytes, reported the same way by both sources. */
import { SYSTEM_FILESYSTEM_USAGE, SYSTEM_FILESYSTEM_UTILIZATION } from '../../shared/metrics.js';
import type { Sink } from '../sink.js';

/** More than this many are not reported; each is four series. */
export const FILE_SYSTEMS_MAX = 16;

export interface FileSystemSpace {
  readonly mountPoint: string;
  readonly used: number;
  /** What an ordinary user can still write. */
  readonly free: number;
  /** Free, but for root only; NaN where not known. */
  readonly reserved: number;
}

/** The share in use is that of `df`: it reaches 1 when an ordinary user cannot write any more. */
export function reportFileSystem(sink: Sink, space: FileSystemSpace): void {
  const { used, free, reserved } = space;
  const mountPoint = ['system.filesystem.mountpoint', space.mountPoint] as const;
  const set = (state: string, value: number) =>
    sink.set(SYSTEM_FILESYSTEM_USAGE, value, [mountPoint, ['system.filesystem.state', state]]);
  if (!(used + free > 0)) return;
  set('used', used);
  set('free', free);
  if (reserved >= 0) set('reserved', reserved);
  const share = used / (used + free);
  sink.set(SYSTEM_FILESYSTEM_UTILIZATION, share * SYSTEM_FILESYSTEM_UTILIZATION.scale, [
    mountPoint,
  ]);
}
