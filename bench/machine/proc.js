/**
 * What the Linux kernel knows of a process's threads. schedstat counts in nanoseconds; `utime` counts ticks
 * of 10 ms. A running thread's figure may be a tick old, a sleeping one's is exact: read it at rest.
 */
import { readdirSync, readFileSync } from 'node:fs';

/**
 * CPU time of one thread.
 *
 * @param {number} pid
 * @param {number} [threadId] The main thread when absent.
 * @returns {number} µs
 */
export function threadCpuUs(pid, threadId = pid) {
  const text = readFileSync(`/proc/${pid}/task/${threadId}/schedstat`, 'utf8');
  return Number(text.split(' ', 1)[0]) / 1000;
}

/**
 * CPU time of all threads that live; one that ends takes its time with it.
 *
 * @param {number} pid
 * @returns {number} µs
 */
export function processCpuUs(pid) {
  return sumOfThreads(pid, (threadId) => threadCpuUs(pid, threadId));
}

/**
 * How often threads of the process went to sleep of their own accord, which is how often they were woken.
 *
 * @param {number} pid
 * @returns {number}
 */
export function wakeUps(pid) {
  return sumOfThreads(pid, (threadId) =>
    statusField(`/proc/${pid}/task/${threadId}/status`, 'voluntary_ctxt_switches'),
  );
}

/**
 * Resident memory.
 *
 * @param {number} pid
 * @returns {number} bytes
 */
export function residentBytes(pid) {
  return statusField(`/proc/${pid}/status`, 'VmRSS') * 1024;
}

/**
 * Sleeps for a moment, so that the kernel brings the calling thread's schedstat up to date.
 */
export function settleSchedstat() {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 0.1);
}

/**
 * @param {number} pid
 * @param {(threadId: number) => number} read
 */
function sumOfThreads(pid, read) {
  let sum = 0;
  for (const name of readdirSync(`/proc/${pid}/task`)) {
    try {
      sum += read(Number(name));
    } catch (error) {
      // A thread that ended since the folder was read.
      const { code } = /** @type {NodeJS.ErrnoException} */ (error);
      if (code !== 'ENOENT' && code !== 'ESRCH') throw error;
    }
  }
  return sum;
}

/**
 * @param {string} path
 * @param {string} field
 */
function statusField(path, field) {
  const match = new RegExp(`^${field}:\\s*(\\d+)`, 'm').exec(readFileSync(path, 'utf8'));
  if (match === null) throw new Error(`${path}: expected a line "${field}", got none`);
  return Number(match[1]);
}
