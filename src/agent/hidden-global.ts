/**
 * What the agent's worker, another copy of the package or another version's agent must find in a thread: under
 * a symbol of the registry, where code that lists or copies globals does not come upon it. Any application thread.
 */

// Taken before the application can replace it.
const { defineProperty } = Reflect;

/** Replaces what was there. */
export function hideGlobally(key: symbol, value: unknown): void {
  defineProperty(globalThis, key, { value, configurable: true });
}
