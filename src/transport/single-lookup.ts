/**
 * Names are looked up one at a time. Runs in the agent's worker; owns the question under way.
 *
 * A lookup cannot be taken back, and libuv answers two at a time for the whole process. A sender that goes
 * on trying while its resolver hangs would hold both: measured, the application's lookup of `localhost`
 * then took 25 s.
 */
import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';

type Callback = (
  error: NodeJS.ErrnoException | null,
  address: string | LookupAddress[],
  family?: number,
) => void;
type Lookup = (name: string, options: LookupOptions, callback: Callback) => void;

/** For one name. Whoever asks while a question is open gets its answer, in place of who asked before. */
export function singleLookup(): Lookup {
  let newest: Callback | undefined;
  return (name, options, callback) => {
    const isOpen = newest !== undefined;
    newest = callback;
    if (isOpen) return;
    lookup(name, options, (error, address, family) => {
      const answer = newest;
      newest = undefined;
      answer?.(error, address, family);
    });
  };
}
