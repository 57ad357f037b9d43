/**
 * Which instrumented libraries this application has, as its adapters meet them; kept for the agent's
 * worker, which reads their versions. Main thread, while modules load. Bounded by LIBRARIES_MAX.
 */
import type { MetLibrary } from '../shared/worker-protocol.js';
import type { Adapter } from './adapter.js';

const LIBRARIES_MAX = 200;
const PACKAGE = /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/;

export class MetLibraries {
  readonly #met = new Map<string, MetLibrary>();
  /** Called for each that is new. */
  onMet: (library: MetLibrary) => void = () => {};

  get all(): readonly MetLibrary[] {
    return [...this.#met.values()];
  }

  /** A library met in several files of one folder, or again, counts once. */
  add({ library, tested, tier, probe }: Adapter, path: string | undefined): void {
    const folder = path === undefined ? '' : (PACKAGE.exec(path)?.[0] ?? path);
    const key = `${library}\0${probe}\0${folder}`;
    if (this.#met.has(key) || this.#met.size >= LIBRARIES_MAX) return;
    const met = { adapter: library, tested, tier, probe, path };
    this.#met.set(key, met);
    this.onMet(met);
  }
}
