/**
 * An object of the application with other values for some of its properties, for a library to read. It may
 * be of a class, with getters: a copy would lose them.
 */
export function derived<Value extends object>(original: Value, values: object): Value {
  const own = Object.getOwnPropertyDescriptors(values);
  return Object.create(original, own) as Value;
}
