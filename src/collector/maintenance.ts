/** Has the store roll up and delete what is past its retention, again and again. Owns the timer. */
import type { Store } from './store/store.js';

/** Returns what ends it. */
export function startMaintenance(
  store: Store,
  everyMs: number,
  log: (line: string) => void,
): () => void {
  // A full disk says the same each time: each trouble is said once until a pass succeeds.
  let said: string | undefined;
  const timer = setInterval(async () => {
    try {
      await store.maintain();
      said = undefined;
    } catch (error) {
      const { message } = error as Error;
      if (message !== said) {
        log(`tachograph collector: maintenance will be tried again: ${message}`);
      }
      said = message;
    }
  }, everyMs);
  return () => clearInterval(timer);
}
