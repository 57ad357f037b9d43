/** Rule: code that blocked the event loop, by its line: everybody waited for it. */
import type { StallPlace } from '../../query/stalls.js';
import { inADay, percent, time, times } from '../words.js';
import type { Rule } from './rule.js';

const CODE = `import { Worker } from 'node:worker_threads';   // or a pool of them, such as piscina
// in a loop that must stay here: let others have their turn now and then
if (i % 1000 === 0) await new Promise(setImmediate);`;
/** Once is the start of a process, or a busy machine. */
const BLOCKS_MIN = 3;
/** Work of password hashing that has an asynchronous form. */
const HASHING = /bcrypt|scrypt|pbkdf2|argon/i;

export const stalls: Rule = ({ stalls: places, recordedMs, requests }) => {
  const all = places.reduce((sum, place) => sum + place.sum, 0);
  return places
    .filter((place) => place.file !== null && place.count >= BLOCKS_MIN && !isHashing(place))
    .map((place) => {
      const where = `${place.file}:${place.line}`;
      const isNameless = place.function === null || /^\W*anonymous\W*$/.test(place.function);
      const what = isNameless ? where : `${place.function} (${where})`;
      return {
        type: 'event_loop_stall',
        subject: `${where} ${place.function}`,
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
        confidence: place.approximate === place.count ? ('medium' as const) : ('high' as const),
        verification: `No block at ${where} while the traffic is there.`,
        code: { file: place.file!, line: place.line ?? 0 },
        measure: { kind: 'service' } as const,
      };
    });
};

export function isHashing(place: StallPlace): boolean {
  return HASHING.test(`${place.file} ${place.function} ${place.stack ?? ''}`);
}

/** Requests that come during a block wait for half of it; the one that made it waits for all. */
function waiting(requests: number, recordedMs: number, { max }: StallPlace): number {
  const rate = requests / (recordedMs / 1000);
  return 1 + (rate * max) / 2;
}
