/**
 * Drizzle: what its builders inherit, or are given a copy of, to be awaited by. Its queries are recorded by the driver
 * that they end in; here is only who waits for them.
 */
import type { LoadedModule } from '../module-hooks.js';
import type { ProbeHost } from '../probe.js';
import { watchThen } from './thenable-places.js';

/** For drizzle-orm/query-promise.cjs. */
export function patchDrizzle({ exports }: LoadedModule, host: ProbeHost): void {
  patchDrizzleEsm((exports ?? {}) as object, host);
}

/** For the exports of drizzle-orm/query-promise.js. */
export function patchDrizzleEsm(exports: object, host: ProbeHost): void {
  const { prototype } = ((exports as { QueryPromise?: unknown }).QueryPromise ?? {}) as {
    prototype?: object;
  };
  watchThen(prototype, host);
}
