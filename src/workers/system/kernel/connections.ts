/**
 * TCP connections by state, from /proc/net/tcp and tcp6 of the process's network namespace. Slow
 * tier: the kernel walks its whole hash table for it, so the bytes read are bounded, and with more
 * connections than fit the counts are not reported at all: a part would look like a fall.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { SYSTEM_NETWORK_CONNECTION_COUNT } from '../../../shared/metrics.js';
import type { KernelContext, KernelReader } from './kernel-reader.js';
import { type Cursor, hasWholeLine, nextLine, readWord, skipFields } from './scan.js';

/** Some 28,000 connections at 150 bytes, or 23,000 of IPv6: about 50 ms of the worker a minute. */
const CONNECTION_BYTES_MAX = 4 * 1024 * 1024;

/** include/net/tcp_states.h, with the names of the OpenTelemetry conventions. */
const STATES: Readonly<Record<string, string>> = {
  '01': 'established',
  '02': 'syn_sent',
  '03': 'syn_received',
  '04': 'fin_wait_1',
  '05': 'fin_wait_2',
  '06': 'time_wait',
  '07': 'closed',
  '08': 'close_wait',
  '09': 'last_ack',
  '0A': 'listen',
  '0B': 'closing',
  // A request not yet accepted, since Linux 4.2: what ss calls SYN-RECV.
  '0C': 'syn_received',
};

/** Before the state: the slot, the local and the remote address. */
const FIELDS_BEFORE = 3;

export function createConnections({ sink, root, scratch }: KernelContext): KernelReader {
  /** States seen since the start: one that empties is reported as 0, not left at its last value. */
  const seen = new Map<string, number>();

  return {
    sample() {
      for (const state of seen.keys()) seen.set(state, 0);
      let left = CONNECTION_BYTES_MAX;
      let tables = 0;
      for (const name of ['tcp', 'tcp6']) {
        const bytes = countStates(`${root}/proc/net/${name}`, scratch, left, seen);
        if (bytes === undefined) continue;
        tables++;
        left -= bytes;
        if (left <= 0) return;
      }
      if (tables === 0) return;
      for (const [state, count] of seen) {
        sink.set(SYSTEM_NETWORK_CONNECTION_COUNT, count, [['network.connection.state', state]]);
      }
    },
    close() {},
  };
}

/** Adds up a table and returns the bytes read, `bytesMax` if cut; undefined if there is none. */
function countStates(
  path: string,
  scratch: Buffer,
  bytesMax: number,
  counts: Map<string, number>,
): number | undefined {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch {
    return undefined;
  }
  const cursor: Cursor = { bytes: scratch, at: 0, end: 0 };
  let total = 0;
  let isHeader = true;
  try {
    while (total < bytesMax) {
      const room = Math.min(scratch.length - cursor.end, bytesMax - total);
      const bytes = readSync(fd, scratch, cursor.end, room, null);
      if (bytes === 0) return total;
      total += bytes;
      cursor.end += bytes;
      cursor.at = 0;
      if (isHeader && hasWholeLine(cursor)) {
        isHeader = false;
        nextLine(cursor);
      }
      countLines(cursor, counts);
    }
    return bytesMax;
  } catch {
    return undefined;
  } finally {
    closeSync(fd);
  }
}

/** Counts the whole lines and moves the begun one to the front, where the next read completes it. */
function countLines(cursor: Cursor, counts: Map<string, number>): void {
  let rest = cursor.at;
  while (hasWholeLine(cursor)) {
    skipFields(cursor, FIELDS_BEFORE);
    const state = STATES[readWord(cursor)];
    if (state !== undefined) counts.set(state, (counts.get(state) ?? 0) + 1);
    const newline = cursor.bytes.indexOf('\n', cursor.at);
    rest = newline + 1;
    cursor.at = rest;
  }
  cursor.bytes.copy(cursor.bytes, 0, rest, cursor.end);
  cursor.end -= rest;
  cursor.at = 0;
}
