/**
 * The route of a trace, where the store has it: most requests are not kept, so most traces are unknown.
 * Remembers ROUTES_MAX answers; asks the store at most LOOKUPS_MAX times for one window, because
 * strangers name the traces.
 */
import { readTrace } from '../../transport/trace-event.js';
import type { Store } from '../store/store.js';

const ROUTES_MAX = 5000;
/** A look-up takes up to a millisecond, through the files of two weeks. */
const LOOKUPS_MAX = 200;

export class TraceRoutes {
  readonly #store: Pick<Store, 'trace'>;
  readonly #known = new Map<string, string>();

  constructor(store: Pick<Store, 'trace'>) {
    this.#store = store;
  }

  /** By trace; those without a route are not there. */
  async find(traces: Iterable<string>): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>();
    let lookups = 0;
    for (const trace of new Set(traces)) {
      if (trace === '') continue;
      let route = this.#known.get(trace);
      if (route === undefined && lookups < LOOKUPS_MAX) {
        lookups += 1;
        // A route is good to have; a store that cannot say must not cost the views that wait for it.
        route = await this.#ask(trace).catch(() => undefined);
      }
      if (route !== undefined) found.set(trace, route);
    }
    return found;
  }

  async #ask(trace: string): Promise<string | undefined> {
    // In the order of their times: whoever answered the browser began first.
    for (const { timeMs, attributes } of await this.#store.trace(trace)) {
      const route = readTrace(timeMs, attributes)?.attributes['http.route'];
      if (route === undefined) continue;
      if (this.#known.size >= ROUTES_MAX) this.#known.clear();
      this.#known.set(trace, route);
      return route;
    }
    return undefined;
  }
}
