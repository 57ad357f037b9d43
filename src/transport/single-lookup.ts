/**
 * Names are looked up one at a time, whoever asks. Runs in the agent's worker; owns the question under way
 * and those that wait for it, one a connection at most.
 *
 * A lookup cannot be taken back, and libuv answers two at a time for the whole process. Senders that go on
 * trying while their resolver hangs would hold both: measured, the application's lookup of `localhost`
 * then took 25 s.
 */
import type { LookupAddress, LookupOptions } from 'node:dns';

type Callback = (
  error: NodeJS.ErrnoException | null,
  address: string | LookupAddress[],
  family?: number,
) => void;
type Lookup = (name: string, options: LookupOptions, callback: Callback) => void;

/** Lets one question through at a time, in their order; `done` lets the next one through. */
export type LookupGate = (ask: (done: () => void) => void) => void;

/** One for a worker. */
export function lookupGate(): LookupGate {
  const waiting: ((done: () => void) => void)[] = [];
  let isBusy = false;
  const next = (): void => {
    const ask = waiting.shift();
    isBusy = ask !== undefined;
    ask?.(next);
  };
  return (ask) => {
    waiting.push(ask);
    if (!isBusy) next();
  };
}

/**
 * For the one name of a connection. Whoever asks while its question is open gets the answer, in place of who
 * asked before.
 * @param lookup node:dns's, which is loaded where a destination is reached by a network
 */
export function singleLookup(gate: LookupGate, lookup: typeof import('node:dns').lookup): Lookup {
  let newest: Callback | undefined;
  return (name, options, callback) => {
    const isAsked = newest !== undefined;
    newest = callback;
    if (isAsked) return;
    gate((done) => {
      lookup(name, options, (error, address, family) => {
        const answer = newest;
        newest = undefined;
        done();
        answer?.(error, address, family);
      });
    });
  };
}
