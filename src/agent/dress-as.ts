/** A wrapper that the application must not be able to tell from what it wraps. */

/** Gives `wrapper` the `name` and `length` of `original`, and returns it. */
export function dressAs<Callable extends (...args: never[]) => unknown>(
  wrapper: Callable,
  original: { readonly name: string; readonly length: number },
): Callable {
  Object.defineProperties(wrapper, {
    name: { value: original.name, configurable: true },
    length: { value: original.length, configurable: true },
  });
  return wrapper;
}
