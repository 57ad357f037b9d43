/**
 * What an application gives a library, with other values for some of its properties. A plain object is
 * copied. One of a class keeps its getters, which are asked on the original: they may read private fields.
 */
export function derived<Value extends object>(original: Value, values: object): Value {
  const prototype: object | null = Object.getPrototypeOf(original);
  if (prototype === Object.prototype || prototype === null) return { ...original, ...values };
  const result: object = Object.create(prototype);
  for (let at: object | null = original; at !== null && at !== Object.prototype; ) {
    for (const name of Object.getOwnPropertyNames(at)) {
      if (!Object.hasOwn(result, name)) passOn(result, name, original);
    }
    at = Object.getPrototypeOf(at);
  }
  const own = Object.getOwnPropertyDescriptors(values);
  return Object.defineProperties(result, own) as Value;
}

/** As enumerable as on the original itself; a library may set it. */
function passOn(result: object, name: string, original: object): void {
  const enumerable = Object.prototype.propertyIsEnumerable.call(original, name);
  Object.defineProperty(result, name, {
    get: () => Reflect.get(original, name) as unknown,
    set: (value) =>
      Object.defineProperty(result, name, {
        value,
        writable: true,
        enumerable,
        configurable: true,
      }),
    enumerable,
    configurable: true,
  });
}
