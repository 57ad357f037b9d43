/**
 * Who owns files in a spool folder, and whether it still lives. A pid alone does not tell: pids are
 * used again, and in containers that share a folder everyone is pid 1. So each process leaves a
 * marker with its pid namespace and its start time, and touches it while it lives.
 */
import {
  closeSync,
  openSync,
  readFileSync,
  readlinkSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { removeFile } from './spool-folder.js';
import { markerName } from './spool-name.js';

/** How often a living owner touches its marker. */
const TOUCH_INTERVAL_MS = 10_000;
/** An owner that cannot be looked up (another host or container) is dead after so long a silence. */
const OWNER_SILENT_MS = 90_000;

interface Marker {
  /** Host and pid namespace: where the pid means something. */
  readonly place: string;
  /** Start time of the process in clock ticks; empty where /proc does not exist. */
  readonly started: string;
}

/** Says in `folder` that this process lives, under its owner's name. */
function touchMarker(folder: string, owner: string, nowMs: number): void {
  const path = join(folder, markerName(owner));
  try {
    utimesSync(path, nowMs / 1000, nowMs / 1000);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    makeMarker(path);
    utimesSync(path, nowMs / 1000, nowMs / 1000);
  }
}

function makeMarker(path: string): void {
  const marker: Marker = { place: place(), started: startOf(process.pid) };
  // Under its own name at once, so that whoever sees any file of an owner sees its marker too.
  // 'wx': a link that someone laid there is not followed.
  const file = openSync(path, 'wx', 0o600);
  try {
    writeFileSync(file, JSON.stringify(marker));
  } catch (error) {
    // A full disk took the name and not what it says: it would only ever be touched.
    removeFile(path);
    throw error;
  } finally {
    closeSync(file);
  }
}

/** The marker of this process in one folder. */
export class LivingMarker {
  readonly #folder: string;
  readonly #owner: string;
  #touchedMs = Number.NEGATIVE_INFINITY;

  constructor(folder: string, owner: string) {
    this.#folder = folder;
    this.#owner = owner;
  }

  /** Touches it when that is due, or `now` because the folder may be new. */
  touch(nowMs: number, now: boolean): void {
    if (!now && Math.abs(nowMs - this.#touchedMs) < TOUCH_INTERVAL_MS) return;
    touchMarker(this.#folder, this.#owner, nowMs);
    this.#touchedMs = nowMs;
  }
}

export function removeMarker(folder: string, ownerName: string): void {
  removeFile(join(folder, markerName(ownerName)));
}

/** Whether the process behind an owner's name still lives. */
export function ownerLives(folder: string, ownerName: string, nowMs: number): boolean {
  const pid = Number.parseInt(ownerName, 10);
  const path = join(folder, markerName(ownerName));
  let marker: Partial<Marker>;
  let fresh: boolean;
  try {
    fresh = nowMs - statSync(path).mtimeMs < OWNER_SILENT_MS;
    marker = parseMarker(readFileSync(path, 'utf8'));
  } catch {
    // An owner writes its marker before its first file, and removes it when it ends. Its pid says
    // nothing here: the next container's process often has the same.
    return false;
  }
  // Half written, or torn by a power loss: whose it is will show.
  if (marker.place !== place()) return fresh;
  if (!pidExists(pid)) return false;
  const started = startOf(pid);
  return started === '' ? fresh : marker.started === started;
}

/** Whether it lives where this process does: on this host, in its pid namespace. */
export function livesHere(folder: string, ownerName: string): boolean {
  try {
    const marker = parseMarker(readFileSync(join(folder, markerName(ownerName)), 'utf8'));
    const pid = Number.parseInt(ownerName, 10);
    return marker.place === place() && pidExists(pid) && marker.started === startOf(pid);
  } catch {
    return false;
  }
}

function parseMarker(text: string): Partial<Marker> {
  try {
    const { place: where, started } = JSON.parse(text) as Marker;
    return typeof where === 'string' && typeof started === 'string'
      ? { place: where, started }
      : {};
  } catch {
    return {};
  }
}

function pidExists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function place(): string {
  try {
    return `${hostname()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}

/** Field 22 of /proc/<pid>/stat, counted after the command's name, which may hold spaces. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
