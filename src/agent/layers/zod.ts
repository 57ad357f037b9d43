/**
 * Zod 4. In its CommonJS build every schema parses through the functions of one file, whose frozen
 * exports are replaced by others. Its ES modules cannot be replaced, but since 4.6 one function gives
 * the classes of schemas their methods: it gets ours to give.
 */
import { dressAs } from '../dress-as.js';
import type { LoadedModule } from '../module-hooks.js';
import type { ProbeHost } from '../probe.js';
import type { Method } from './outermost.js';
import { validationsOf } from './validation.js';
import { ZOD, ZOD_METHODS } from './validators.js';

/** For zod/v4/classic/parse.cjs. */
export function patchZodParse(loaded: LoadedModule, host: ProbeHost): void {
  const { exports } = loaded;
  const validations = validationsOf(host);
  const made = Object.create(Object.getPrototypeOf(exports), withoutLocks(exports as object));
  for (const name of ZOD_METHODS) {
    const original: unknown = made[name];
    if (typeof original === 'function') {
      made[name] = validations.time(original as Method, { ...ZOD, isCall: isOfSchema });
    }
  }
  loaded.exports = made;
}

/** `parse` of a schema that is none fails as before, and is no validation. */
function isOfSchema(_: unknown, [schema]: readonly unknown[]): boolean {
  return typeof schema === 'object' && schema !== null;
}

function withoutLocks(exports: object): PropertyDescriptorMap {
  const descriptors = Object.getOwnPropertyDescriptors(exports) as PropertyDescriptorMap;
  for (const descriptor of Object.values(descriptors)) {
    descriptor.configurable = true;
    if ('value' in descriptor) descriptor.writable = true;
  }
  return descriptors;
}

type Members = (prototype: object, table: object) => unknown;

/** For zod/v4/core/util.js as an ES module: what takes the place of its function `members`. */
export function patchZodMembers(exports: object, host: ProbeHost): { readonly members?: Members } {
  const { members } = exports as { members?: Members };
  if (typeof members !== 'function') return {};
  const validations = validationsOf(host);
  const timed = new WeakMap<object, object>();
  const wrapped: Members = (prototype, table) => {
    // Of classic schemas; those of zod/mini have functions instead.
    if (!Object.hasOwn(table, 'safeParse')) return members(prototype, table);
    let own = timed.get(table);
    if (own === undefined) {
      own = Object.create(Object.getPrototypeOf(table), Object.getOwnPropertyDescriptors(table));
      validations.timeMethods(own, ZOD_METHODS, ZOD);
      timed.set(table, own as object);
    }
    return members(prototype, own as object);
  };
  return { members: dressAs(wrapped as never, members) };
}
