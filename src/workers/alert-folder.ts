/**
 * Whose the journals of alerts are, where several processes of one service evaluate: workers of a cluster, instances
 * beside each other, and whoever comes after one that was killed. Each has a file of its own, named by its owner:
 *
 *     <owner>.owner          that it lives (src/transport/spool-owner.ts)
 *     <owner>.alerts.json    its alerts and messages
 *     <owner>.first.json     the same, of the one that judges the host for all
 *     <owner>.joined.json    another's, while it is joined to that of this owner
 *
 * A file of a dead owner goes on with a process that starts, by a rename, which one process wins; one that nobody
 * took for LEFT_MS is joined to that of a process that lives. So no message is lost with its process, and none is told
 * twice because two wrote one file. Runs in the agent's worker; looks at the folder every TEND_MS at most.
 */
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import {
  listNames,
  removeFile,
  removeIfPossible,
  renameIfPossible,
} from '../transport/spool-folder.js';
import { markerName, parseOwned } from '../transport/spool-name.js';
import { LivingMarker, livesHere, ownerLives } from '../transport/spool-owner.js';

const JOURNAL = /^(\d{1,10}-[0-9A-Za-z]{1,8})\.(alerts|first|joined)\.json$/;
const TEND_MS = 30_000;
/** A worker that died is replaced sooner. */
const LEFT_MS = 60_000;

type Kind = 'alerts' | 'first' | 'joined';

interface JournalFile {
  readonly name: string;
  readonly owner: string;
  readonly kind: Kind;
}

export class AlertFolder {
  readonly #folder: string;
  readonly #owner: string;
  readonly #marker: LivingMarker;
  #kind: Kind = 'alerts';
  #tendedMs: number;
  /** By name, since when a file of a dead owner was seen. */
  readonly #leftSinceMs = new Map<string, number>();

  /** @throws {Error} what the system says of a folder that cannot be used */
  constructor(folder: string, owner: string, nowMs: number) {
    this.#folder = folder;
    this.#owner = owner;
    this.#marker = new LivingMarker(folder, owner);
    this.#tendedMs = nowMs;
    this.#marker.touch(nowMs, true);
    this.#inherit(nowMs);
    this.#sweep(nowMs);
    this.#choose(nowMs);
  }

  /** Of this process. */
  get path(): string {
    return join(this.#folder, fileName(this.#owner, this.#kind));
  }

  /** Whether this process is the one that judges what is of the host, and not of a process. */
  get isFirst(): boolean {
    return this.#kind === 'first';
  }

  /** @returns the path of a journal that is to be joined to this one's, then removed; undefined mostly */
  tend(nowMs: number): string | undefined {
    this.#marker.touch(nowMs, false);
    if (Math.abs(nowMs - this.#tendedMs) < TEND_MS) return undefined;
    this.#tendedMs = nowMs;
    this.#choose(nowMs);
    return this.#takeLeft(nowMs);
  }

  /** The first one's before the others': its alerts of the host are to go on with who judges that. */
  #inherit(nowMs: number): void {
    const dead = this.#journals()
      .filter(({ owner }) => !ownerLives(this.#folder, owner, nowMs))
      .sort((a, b) => Number(b.kind === 'first') - Number(a.kind === 'first'));
    for (const { name, kind: of } of dead) {
      const kind = of === 'first' ? 'first' : 'alerts';
      const own = join(this.#folder, fileName(this.#owner, kind));
      if (!renameIfPossible(join(this.#folder, name), own)) continue;
      this.#kind = kind;
      return;
    }
  }

  /** Markers of the dead that left nothing. */
  #sweep(nowMs: number): void {
    const owners = new Set(this.#journals().map(({ owner }) => owner));
    for (const name of listNames(this.#folder)) {
      const owned = parseOwned(name);
      if (owned?.kind !== 'marker' || owners.has(owned.owner)) continue;
      if (ownerLives(this.#folder, owned.owner, nowMs)) continue;
      removeIfPossible(join(this.#folder, name));
    }
  }

  /** One of those that live on this host is first: who is it already, else the lowest name. */
  #choose(nowMs: number): void {
    const firsts = this.#journals().filter(({ kind }) => kind === 'first');
    const others = firsts.filter(({ owner }) => owner !== this.#owner);
    const living = others.filter(({ owner }) => livesHere(this.#folder, owner));
    if (this.isFirst) {
      if (living.some(({ owner }) => owner < this.#owner)) this.#become('alerts');
      return;
    }
    // Its file is inherited by who starts, or joined to one below; until then the host is not judged twice.
    const isLeft = others.some(({ owner }) => !ownerLives(this.#folder, owner, nowMs));
    if (living.length > 0 || isLeft) return;
    const markers = listNames(this.#folder).flatMap((name) => {
      const owned = parseOwned(name);
      return owned?.kind === 'marker' && livesHere(this.#folder, owned.owner) ? [owned.owner] : [];
    });
    if (!markers.some((owner) => owner < this.#owner)) this.#become('first');
  }

  #become(kind: Kind): void {
    const from = this.path;
    this.#kind = kind;
    if (!renameIfPossible(from, this.path)) touchNew(this.path);
  }

  #takeLeft(nowMs: number): string | undefined {
    const left = this.#journals().filter(({ owner }) => !ownerLives(this.#folder, owner, nowMs));
    for (const known of this.#leftSinceMs.keys()) {
      if (!left.some(({ name }) => name === known)) this.#leftSinceMs.delete(known);
    }
    for (const { name, owner, kind } of left) {
      const sinceMs = this.#leftSinceMs.get(name) ?? nowMs;
      this.#leftSinceMs.set(name, sinceMs);
      if (nowMs - sinceMs < LEFT_MS) continue;
      const taken = join(this.#folder, fileName(this.#owner, 'joined'));
      if (!renameIfPossible(join(this.#folder, name), taken)) continue;
      removeFile(join(this.#folder, markerName(owner)));
      if (kind === 'first') this.#become('first');
      return taken;
    }
    return undefined;
  }

  #journals(): JournalFile[] {
    return listNames(this.#folder).flatMap((name) => {
      const match = JOURNAL.exec(name);
      return match === null ? [] : [{ name, owner: match[1]!, kind: match[2] as Kind }];
    });
  }
}

function fileName(owner: string, kind: Kind): string {
  return `${owner}.${kind}.json`;
}

/** So that others see who is first before it has anything to write. */
function touchNew(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
