/**
 * The names that beacons of one service may bring into a day's file. Anybody can send a beacon, and a
 * service has 5,000 series a file, its agents' too: so pages, visits (page, device and connection),
 * scripts and calls have a number each, first come first served, and what is past it is `(other)`. All of
 * them full make some 2,500 series. Begun anew with each UTC day, as the files are.
 */
import { OTHER } from '../../shared/metric.js';

const DAY_MS = 86_400_000;
const NAMES_MAX = { page: 100, visit: 200, script: 100, call: 150 } as const;
/** Paths whose route was told once; the map is emptied when it is full. */
const ROUTES_MAX = 1000;

export type NameKind = keyof typeof NAMES_MAX;

export class BeaconNames {
  readonly #known: Readonly<Record<NameKind, Set<string>>> = {
    page: new Set(),
    visit: new Set(),
    script: new Set(),
    call: new Set(),
  };
  readonly #routes = new Map<string, string>();
  #day = 0;

  /** To be told before names are asked for. */
  atTime(nowMs: number): void {
    const day = Math.floor(nowMs / DAY_MS);
    if (day === this.#day) return;
    this.#day = day;
    for (const names of Object.values(this.#known)) names.clear();
  }

  /** Whether a name is one of those that may be told. */
  admits(kind: NameKind, name: string): boolean {
    const names = this.#known[kind];
    if (names.has(name)) return true;
    if (names.size >= NAMES_MAX[kind]) return false;
    names.add(name);
    return true;
  }

  /**
   * What a page is called: the route that the server gave it, now or the last time that a page of this
   * template had one, else the template.
   */
  page(path: string, route: string): string {
    const known = route || (this.#routes.get(path) ?? path);
    if (route !== '') {
      if (this.#routes.size >= ROUTES_MAX) this.#routes.clear();
      this.#routes.set(path, route);
    }
    return this.admits('page', known) ? known : OTHER;
  }
}
