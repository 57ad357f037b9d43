/**
 * Names that become labels: as many as a list of them is still read, then one for the others. What an
 * application names after its users' input must neither grow the series nor leave the process.
 */
import { OTHER } from '../../shared/metric.js';

const NAMES_MAX = 200;

export class BoundedNames {
  readonly #names = new Set<string>();
  readonly #other: string;

  /** `other`: the name of those for which there is no room. */
  constructor(other: string = OTHER) {
    this.#other = other;
  }

  /** `name`, when it is known or there is room for it. */
  take(name: string): string {
    if (this.#names.has(name)) return name;
    if (this.#names.size >= NAMES_MAX) return this.#other;
    this.#names.add(name);
    return name;
  }

  /** `name` when it was taken before, else nothing: for what may be a name of nothing. */
  known(name: string): string {
    return this.#names.has(name) ? name : '';
  }
}
