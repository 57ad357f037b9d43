/**
 * A process's wall clock, set while it runs: libfaketime stands between it and what the C library says of the
 * time, on every thread. The monotonic clock goes on, as when people or NTP set the clock of a machine. Not the
 * machine's own clock: everything else on it would see it too.
 */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A time is good for so long: what is set is seen by then. */
const CACHE_SECONDS = 1;
const ROOT = '/usr/lib';

/** In a folder named for the architecture (Debian: libfaketime). */
const library: string | undefined = readdirSync(ROOT, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name.includes('-linux-'))
  .map(({ name }) => join(ROOT, name, 'faketime'))
  .flatMap((folder) => listed(folder).map((name) => join(folder, name)))
  .find((path) => path.endsWith('/libfaketimeMT.so.1'));

export const canSetClocks: boolean = library !== undefined;

export class ProcessClock {
  readonly #path: string;

  /** @param folder where it may keep a file */
  constructor(folder: string) {
    this.#path = join(folder, 'clock');
    this.set(0);
  }

  /** With which the process is started. */
  get env(): Readonly<Record<string, string>> {
    return {
      LD_PRELOAD: library ?? '',
      FAKETIME_TIMESTAMP_FILE: this.#path,
      FAKETIME_CACHE_DURATION: String(CACHE_SECONDS),
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      FAKETIME_DISABLE_SHM: '1',
      // Times of files stay what they are.
      NO_FAKE_STAT: '1',
    };
  }

  /** So many days before or after what it would be. */
  set(days: number): void {
    writeFileSync(this.#path, `${days < 0 ? '' : '+'}${days}d\n`);
  }
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
