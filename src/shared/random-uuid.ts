/**
 * A random UUID without node:crypto, which takes 4 ms of a thread to load and 2.4 MB to keep, where the kernel
 * gives one. Any thread; not for the hot path.
 */
import { readFileSync } from 'node:fs';

const OF_KERNEL = '/proc/sys/kernel/random/uuid';
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

/** Version 4, lower case. */
export function randomUuid(path: string = OF_KERNEL): string {
  try {
    const uuid = readFileSync(path, 'utf8').trim();
    if (UUID.test(uuid)) return uuid;
  } catch {
    // Not Linux, or /proc is not mounted.
  }
  return process.getBuiltinModule('node:crypto').randomUUID();
}
