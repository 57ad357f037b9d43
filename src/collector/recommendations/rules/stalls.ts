/** Rule: code that blocked the event loop, by its line: everybody waited for it. */
import type { StallPlace } from '../../query/stalls.js';
import { inADay, percent, time, times } from '../words.js';
import type { Rule } from './rule.js';

const CODE = `import { Worker } from 'node:worker_threads';   // or a pool of them, such as piscina
// in a loop that must stay here: let others have their turn now and then
if (i % 1000 === 0) await new Promise(setImmediate);`;
/** Fewer in the code of a library are the start of a process, or a busy machine. */
const BLOCKS_MIN = 3;
const LIBRARY = /(?:^|\/)node_modules\/|^node:/;
/** Work of password hashing that has an asynchronous form. */
const HASHING = /bcrypt|scrypt|pbkdf2|argon/i;

export const stalls: Rule = ({ stalls: places, recordedMs, requests }) => {
  const all = places.reduce((sum, place) => sum + place.sum, 0);
  return byFunction(places)
    .filter((place) => place.file !== null && isTelling(place) && !isHashing(place))
    .map((place) => {
      const where = `${place.file}:${place.line}`;
      const isNameless = place.function === null || /^\W*anonymous\W*$/.test(place.function);
      const what = isNameless ? where : `${place.function} (${where})`;
      return {
        type: 'event_loop_stall',
        subject: `${place.file} ${isNameless ? place.line : place.function}`,
        title: `Event loop blocked ${isNameless ? `at ${where}` : `by ${place.function}`}`,
        finding: `${what} blocked the event loop ${times(place.count)}, up to ${time(place.max)}.`,
        evidence: [
          `${time(place.sum)} in all, ${percent(place.sum / all)} of the time that the loop was blocked.`,
          ...(place.gc > 0 ? [`${time(place.gc)} of it was garbage collection.`] : []),
          ...(place.approximate > 0 ? ['The line is near it: a native call was running.'] : []),
        ],
        costPerDay: inADay(place.sum * waiting(requests, recordedMs, place), recordedMs),
        fix: {
          text: 'Move the work to a worker thread, or cut it in pieces that let others have their turn.',
          code: CODE,
          language: 'js' as const,
        },
        confidence:
          place.approximate === place.count || place.count < BLOCKS_MIN
            ? ('medium' as const)
            : ('high' as const),
        verification: `No block at ${where} while the traffic is there.`,
        code: { file: place.file!, line: place.line ?? 0 },
        measure: { kind: 'service' } as const,
      };
    });
};

function isTelling({ file, count }: StallPlace): boolean {
  return count >= BLOCKS_MIN || !LIBRARY.test(file ?? '');
}

/** A loop is caught in one of its lines or another: the one of the longest block stands for the function. */
function byFunction(places: readonly StallPlace[]): StallPlace[] {
  const functions = new Map<string, StallPlace>();
  for (const place of places) {
    const key = JSON.stringify([place.file, place.function]);
    const known = functions.get(key);
    functions.set(key, known === undefined ? place : added(known, place));
  }
  return [...functions.values()];
}

function added(a: StallPlace, b: StallPlace): StallPlace {
  return {
    ...(b.max > a.max ? b : a),
    count: a.count + b.count,
    sum: a.sum + b.sum,
    gc: a.gc + b.gc,
    approximate: a.approximate + b.approximate,
  };
}

export function isHashing(place: StallPlace): boolean {
  return HASHING.test(`${place.file} ${place.function} ${place.stack ?? ''}`);
}

/** Requests that come during a block wait for half of it; the one that made it waits for all. */
function waiting(requests: number, recordedMs: number, { max }: StallPlace): number {
  const rate = requests / (recordedMs / 1000);
  return 1 + (rate * max) / 2;
}
