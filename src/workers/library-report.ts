/**
 * Tells which instrumented libraries the application has, at which versions, and what it talks to while
 * none was met. Runs in the agent's worker: it reads package.json files, which the application's thread
 * need not. Each is told when it is new and again every REPEAT_MS, for events are not kept for ever. No
 * path leaves the process. Bounded by what it is given, and by the ports of its table.
 */
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { NET_CONNECT_DURATION } from '../shared/metrics.js';
import type { MetLibrary } from '../shared/worker-protocol.js';
import type { BatchEvent, HistogramPoint } from '../transport/batch.js';
import {
  type LibraryFields,
  libraryEvent,
  type UncoveredFields,
  uncoveredEvent,
} from '../transport/library-event.js';
import { packagesIn, verdictOf } from './tested-versions.js';

const REPEAT_MS = 6 * 3_600_000;
/** Folders looked at on the way up from a file or script. */
const FOLDERS_MAX = 20;

/** Ports of databases and caches, and packages that talk to them. */
const SYSTEMS: Readonly<Record<string, readonly [system: string, ...packages: string[]]>> = {
  5432: ['postgresql', 'pg', 'postgres'],
  3306: ['mysql', 'mysql2', 'mysql', 'mariadb'],
  1433: ['mssql', 'tedious', 'mssql'],
  1521: ['oracle', 'oracledb'],
  6379: ['redis', 'ioredis', 'redis', '@redis/client', '@node-redis/client'],
  11211: ['memcached', 'memjs', 'memcached'],
  27017: ['mongodb', 'mongodb', 'mongoose'],
  9042: ['cassandra', 'cassandra-driver'],
};

export class LibraryReport {
  readonly #scriptFolder: string;
  readonly #libraries: LibraryFields[] = [];
  readonly #uncovered = new Map<string, UncoveredFields>();
  #isNew = false;
  #toldMs = Number.NEGATIVE_INFINITY;

  constructor(scriptFolder: string) {
    this.#scriptFolder = scriptFolder;
  }

  add(met: MetLibrary): void {
    const { adapter, tested, tier, probe } = met;
    const { name, version } = this.#packageOf(met);
    const verdict = version === '' ? 'unknown' : verdictOf(tested, name, version);
    const fields = { library: name, version, adapter, tier, probe, tested, verdict };
    this.#libraries.push(fields);
    this.#isNew = true;
  }

  /** What is to be told with a window that closes at `timeMs` and holds `histograms`. */
  events(histograms: readonly HistogramPoint[], timeMs: number): BatchEvent[] {
    this.#lookAtSockets(histograms);
    if (!this.#isNew && timeMs - this.#toldMs < REPEAT_MS) return [];
    this.#isNew = false;
    this.#toldMs = timeMs;
    return [
      ...this.#libraries.map((fields) => libraryEvent(fields, timeMs)),
      ...[...this.#uncovered.values()].map((fields) => uncoveredEvent(fields, timeMs)),
    ];
  }

  #lookAtSockets(histograms: readonly HistogramPoint[]): void {
    for (const { series } of histograms) {
      if (series.name !== NET_CONNECT_DURATION.name) continue;
      const attributes = Object.fromEntries(series.attributes);
      const port = attributes['server.port'] ?? '';
      const row = Object.hasOwn(SYSTEMS, port) ? SYSTEMS[port] : undefined;
      if (row === undefined || attributes['error.type'] !== undefined) continue;
      const [system, ...packages] = row;
      if (this.#uncovered.has(port)) continue;
      if (this.#libraries.some(({ library }) => packages.includes(library))) continue;
      this.#uncovered.set(port, { system, port, reason: this.#reasonOf(packages) });
      this.#isNew = true;
    }
  }

  /** Why none of the packages that talk to a port was met. */
  #reasonOf(packages: readonly string[]): string {
    const installed = packages
      .map((name) => ({ name, version: this.#installedVersion(name) }))
      .filter(({ version }) => version !== undefined)
      .map(({ name, version }) => `${name} ${version}`);
    return installed.length === 0
      ? 'connections to its port, and no driver that is instrumented: the application is bundled into ' +
          'one file, or the driver is another or is switched off'
      : `connections to its port, and ${installed.join(', ')} installed, of which nothing was met: not ` +
          'covered in this version, or bundled into one file, or switched off';
  }

  /** Of the file that was met; where there is none, of a package that the row names. The runtime's own are as old as it. */
  #packageOf({ adapter, tested, tier, path }: MetLibrary): { name: string; version: string } {
    if (tier === 'builtin') return { name: adapter, version: process.versions.node };
    if (path !== undefined) {
      const own = nearestPackage(dirname(path));
      return own ?? { name: adapter, version: '' };
    }
    for (const name of packagesIn(tested)) {
      const version = this.#installedVersion(name);
      if (version !== undefined) return { name, version };
    }
    return { name: packagesIn(tested)[0] ?? adapter, version: '' };
  }

  #installedVersion(name: string): string | undefined {
    let folder = this.#scriptFolder;
    for (let i = 0; i < FOLDERS_MAX; i++) {
      const version = readManifest(join(folder, 'node_modules', name))?.version;
      if (version !== undefined) return version;
      folder = dirname(folder);
    }
    return undefined;
  }
}

interface Manifest {
  readonly name?: string;
  readonly version?: string;
}

/** The first package.json with name and version, from `folder` up to what is installed beside it. */
function nearestPackage(folder: string): { name: string; version: string } | undefined {
  let at = folder;
  for (let i = 0; i < FOLDERS_MAX && basename(at) !== 'node_modules'; i++) {
    const { name, version } = readManifest(at) ?? {};
    // Builds have a package.json of their own that only says what kind of modules they are.
    if (typeof name === 'string' && typeof version === 'string') return { name, version };
    if (dirname(at) === at) return undefined;
    at = dirname(at);
  }
  return undefined;
}

function readManifest(folder: string): Manifest | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  } catch {
    return undefined;
  }
}
