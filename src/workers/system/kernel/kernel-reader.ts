/** What a reader of kernel files is given, and what it offers. One reader a file, one topic each. */
import type { Sink } from '../../sink.js';
import type { Mount } from './mounts.js';

export interface KernelContext {
  readonly sink: Sink;
  /** Where /proc and /sys are looked for: '' on a real machine, a folder in tests. */
  readonly root: string;
  /** Shared by all files of the source: a reading must be used before the next one begins. */
  readonly scratch: Buffer;
  /** Monotonic, in milliseconds. */
  readonly clock: () => number;
}

export interface KernelReader {
  /** Reads and reports. Never throws; what cannot be read is not reported. */
  sample(): void;
  close(): void;
}

/** A reader of the control group, which has to be found first. */
export interface ContainerReader extends KernelReader {
  /** Finds the group and its limit, at the start and in the slow tier: both can change. */
  locate(membership: string, mounts: readonly Mount[]): void;
}
