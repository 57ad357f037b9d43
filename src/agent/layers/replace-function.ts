/**
 * Stands in for a function that a module exports, or that a library hands out with properties of its
 * own: whatever is read of it or written to it is the original's.
 */

type Callable = (this: unknown, ...args: unknown[]) => unknown;

/**
 * `call` is what calls get, with `this` and the arguments. A property of the function that is the
 * function itself (`module.exports.default = module.exports`) is the replacement.
 */
export function replaceFunction<Original extends object>(
  original: Original,
  call: (self: unknown, args: unknown[]) => unknown,
): Original {
  const replacement: Original = new Proxy(original, {
    apply: (_, self, args: unknown[]) => call(self, args),
    get(target, key, receiver) {
      const value: unknown = Reflect.get(target, key, receiver);
      return value === target && isFreeToDiffer(target, key) ? replacement : value;
    },
  });
  return replacement;
}

/** A proxy must tell the truth about a property that can never change. */
function isFreeToDiffer(target: object, key: string | symbol): boolean {
  const descriptor = Object.getOwnPropertyDescriptor(target, key);
  return descriptor?.configurable !== false || descriptor.writable === true;
}

/** Gives `wrapper` the properties of `original`, among them its name and length. */
export function withPropertiesOf<Wrapper extends Callable>(
  wrapper: Wrapper,
  original: object,
): Wrapper {
  for (const key of Reflect.ownKeys(original)) {
    if (key === 'prototype') continue;
    const descriptor = Object.getOwnPropertyDescriptor(original, key);
    if (descriptor !== undefined) Object.defineProperty(wrapper, key, descriptor);
  }
  return wrapper;
}
