/**
 * The builds of mariadb (the connector): ES modules, CommonJS files of the same names before 3.5, and since
 * then one minified CommonJS file for each interface. Runs while modules load.
 */
import { EventEmitter } from 'node:events';
import type { LoadedModule } from '../module-hooks.js';
import type { ProbeHost } from '../probe.js';
import { watchMariadb } from './mariadb.js';
import { watchMariadbPool } from './mariadb-pool.js';

type Class = { readonly prototype?: object } | undefined;

/** For mariadb/lib/connection.js as CommonJS. */
export function patchMariadb({ exports }: LoadedModule, host: ProbeHost): void {
  if (typeof exports === 'function') watchMariadb(exports.prototype as object, host);
}

/** For mariadb/lib/pool.js as CommonJS. */
export function patchMariadbPool({ exports }: LoadedModule, host: ProbeHost): void {
  if (typeof exports === 'function') watchMariadbPool(exports.prototype as object, host);
}

/** For the exports of mariadb/lib/connection.js: of what was loaded ahead, of CommonJS, too. */
export function patchMariadbEsm(exports: object, host: ProbeHost): void {
  watchMariadb(classOf(exports)?.prototype, host);
}

/** For the exports of mariadb/lib/pool.js. */
export function patchMariadbPoolEsm(exports: object, host: ProbeHost): void {
  watchMariadbPool(classOf(exports)?.prototype, host);
}

function classOf(exports: object): Class {
  return typeof exports === 'function' ? exports : (exports as { default?: Class }).default;
}

interface Bundle {
  createConnection?(options: object): unknown;
  createPool?(options: object): unknown;
}

/** For mariadb/dist/promise.cjs and callback.cjs, whose classes have no name outside. */
export function patchMariadbBundle({ exports }: LoadedModule, host: ProbeHost): void {
  const { createConnection, createPool } = (exports ?? {}) as Bundle;
  watchMariadb(
    prototypeWith('addCommandEnable', () => createConnection?.(NOWHERE)),
    host,
  );
  watchMariadbPool(
    prototypeWith('getConnection', () => createPool?.(NOWHERE)),
    host,
  );
}

/** A connection that never gets a socket, and a pool that makes no connection unasked. */
const NOWHERE = { stream: () => {}, connectTimeout: 0, connectionLimit: 1, minimumIdle: 0 };

/** Of what listens to itself while `make` runs, the prototype that has `method` itself. */
function prototypeWith(method: string, make: () => unknown): object | undefined {
  const { prototype } = EventEmitter;
  const descriptor = Object.getOwnPropertyDescriptor(prototype, 'on')!;
  const on = prototype.on;
  let found: object | undefined;
  Object.defineProperty(prototype, 'on', {
    ...descriptor,
    value(this: EventEmitter, ...args: Parameters<typeof on>) {
      found ??= ownerOf(this, method);
      return on.apply(this, args);
    },
  });
  try {
    make();
  } finally {
    Object.defineProperty(prototype, 'on', descriptor);
  }
  return found;
}

function ownerOf(value: object, method: string): object | undefined {
  let at = Object.getPrototypeOf(value) as object | null;
  while (at !== null && !Object.hasOwn(at, method)) at = Object.getPrototypeOf(at) as object | null;
  return at ?? undefined;
}
