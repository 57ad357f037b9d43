/**
 * Which operation and which module a route is, by configuration: entries `[METHOD ]PATTERN=NAME`, where
 * `*` in a pattern is any text. The first that matches counts. Asked once for each route, not for each
 * request. Any application thread.
 */

interface Entry {
  /** Undefined: any. */
  readonly method: string | undefined;
  readonly pattern: RegExp;
  readonly name: string;
}

export class RouteMapping {
  readonly #operations: readonly Entry[];
  readonly #modules: readonly Entry[];

  constructor(operations: readonly string[], modules: readonly string[]) {
    this.#operations = operations.map(toEntry);
    this.#modules = modules.map(toEntry);
  }

  operationOf(method: string, route: string): string | undefined {
    return find(this.#operations, method, route);
  }

  moduleOf(method: string, route: string): string | undefined {
    return find(this.#modules, method, route);
  }
}

function find(entries: readonly Entry[], method: string, route: string): string | undefined {
  return entries.find((entry) => (entry.method ?? method) === method && entry.pattern.test(route))
    ?.name;
}

/** `entry` is of the form that ROUTE_ENTRY in src/shared/option-row.ts describes. */
function toEntry(entry: string): Entry {
  const cut = entry.indexOf('=');
  const [, method, path = ''] = /^(?:([A-Z]+) +)?(.*)$/.exec(entry.slice(0, cut).trim()) ?? [];
  const parts = path.split('*').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return {
    method,
    pattern: new RegExp(`^${parts.join('.*')}$`),
    name: entry.slice(cut + 1).trim(),
  };
}
