/** Waits until a service is ready, and tells why it is not. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Each needs 1–2 s on an idle machine of 2 cores (MariaDB was seen to take 27 on a busy one). */
const READY_MS_MAX = 90_000;

/**
 * @param {import('./guard.js').Guarded} guarded
 * @param {() => boolean | Promise<boolean>} isReady May throw while nothing is there yet.
 * @returns {Promise<boolean>} False when it has ended, or needs too long.
 */
export async function becameReady(guarded, isReady) {
  const deadlineMs = performance.now() + READY_MS_MAX;
  while (performance.now() < deadlineMs && guarded.running()) {
    try {
      if (await isReady()) return true;
    } catch {
      // Not written yet.
    }
    await sleep(50);
  }
  return false;
}

/** @param {string} logFile */
export function logTail(logFile) {
  try {
    return readFileSync(logFile, 'utf8').trim().split('\n').slice(-5).join(' | ');
  } catch {
    return '';
  }
}
