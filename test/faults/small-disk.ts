/**
 * A file system of its own for one folder, in memory, that can be full or read-only at will. Only within a
 * mount namespace of our own (`command`), with which it goes.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, statfsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** What it holds may grow, and files be open for writing, while it is being changed. */
const ATTEMPTS_MAX = 200;
const ATTEMPT_MS = 5;

/** A user namespace lets anyone mount a file system of his own, where the kernel allows it. */
export function canMount(): boolean {
  return spawnSync('unshare', ['-rm', 'true']).status === 0;
}

/** What starts a program in a namespace where it may mount. */
export const IN_NAMESPACE: readonly string[] = ['unshare', '--map-root-user', '--mount'];

export class SmallDisk {
  readonly path: string;
  readonly #bytesMax: number;

  constructor(path: string, bytesMax: number) {
    this.path = path;
    this.#bytesMax = bytesMax;
    mkdirSync(path);
    const options = `size=${bytesMax},mode=700`;
    const { stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path]);
    if (String(stderr) !== '') throw new Error(`expected a file system of ours: ${stderr}`);
  }

  /** No byte more fits: it shrinks to what it holds, which is faster than to fill it. */
  fill(): Promise<void> {
    return this.#remount(() => {
      const { blocks, bfree, bsize } = statfsSync(this.path);
      return `size=${Math.max(1, blocks - bfree) * bsize}`;
    });
  }

  makeReadOnly(): Promise<void> {
    return this.#remount(() => 'ro');
  }

  heal(): Promise<void> {
    return this.#remount(() => `rw,size=${this.#bytesMax}`);
  }

  async #remount(optionsNow: () => string): Promise<void> {
    let trouble = '';
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      const args = ['-o', `remount,${optionsNow()}`, this.path];
      const { status, stderr } = spawnSync('mount', args);
      if (status === 0) return;
      trouble = String(stderr);
      await sleep(ATTEMPT_MS);
    }
    throw new Error(`expected ${this.path} to be remounted: ${trouble}`);
  }
}
