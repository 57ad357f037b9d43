/** What is wrong with an outage: a bound that was passed, a record that is in no account, a growth. Pure. */
import { theilSen } from '../../bench/statistics/theil-sen.js';
import { MEMORY_BYTES_MAX } from '../../src/transport/backlog.js';
import { droppedOf } from '../support/oracle/judge.js';
import { warningsOf } from './behaviour.js';
import type { Outage, Outlook } from './outage-run.js';

/** Of the spool's folder (spool.ts). */
export const FILES_MAX = 10_000;
/** The batch that is just written may be beyond the spool's limit; checkpoints and markers are files too. */
const WRITING_BYTES_MAX = 1024 * 1024;
const MARKERS_MAX = 8;
/** The worker's windows, histograms and buffers to encode in, beside the batches that wait in memory. */
const WINDOW_BYTES_MAX: number = 32 * 1024 * 1024;
/** The spool is looked through twice a minute for what is too old. */
const AGE_SPARE_MS = 60_000;
/** Heaps find their size first: this share of an outage is not judged. */
const SETTLE_SHARE = 0.25;
const POINTS_MAX = 48;
/** A day's growth that is told from none. */
const GROWTH_BYTES_MAX: number = 4 * 1024 * 1024;
const DAY_MS = 86_400_000;

export interface Growth {
  /** A day, with the bounds of the 95 % interval. */
  readonly bytesPerDay: number;
  readonly low: number;
  readonly high: number;
}

/** External memory of the worker at most, queue included. */
export const EXTERNAL_BYTES_MAX: number = MEMORY_BYTES_MAX + WINDOW_BYTES_MAX;

/** Of the resident memory; undefined when there are too few looks to tell. */
export function growthOf(outage: Outage): Growth | undefined {
  const { looks, over } = outage;
  const judged = looks.filter(
    ({ passedMs }) => passedMs >= over.passedMs * SETTLE_SHARE && passedMs < over.passedMs,
  );
  const size = Math.ceil(judged.length / POINTS_MAX);
  if (judged.length < POINTS_MAX) return undefined;
  const points = Array.from({ length: Math.floor(judged.length / size) }, (_, index) => {
    const part = judged.slice(index * size, (index + 1) * size);
    // The least: what a collection of garbage leaves.
    return { x: part[0]!.passedMs, y: Math.min(...part.map(({ rssBytes }) => rssBytes)) };
  });
  const { slope, low, high } = theilSen(points);
  return { bytesPerDay: slope * DAY_MS, low: low * DAY_MS, high: high * DAY_MS };
}

/** Sentences about what is wrong; none when every bound held and every record is accounted for. */
export function complaintsOfOutage(outage: Outage): string[] {
  return [
    ...outage.looks.flatMap((look) => complaintsOfLook(look, outage)),
    ...complaintsOfReturn(outage),
    ...complaintsOfGrowth(outage),
  ];
}

function complaintsOfLook(look: Outlook, { terms }: Outage): string[] {
  const { passedMs, highest, waiting, batched, delivered, refusedByRing, oldestAgeMs } = look;
  const complaints: string[] = [];
  const check = (what: string, measured: number, max: number): void => {
    if (measured > max) {
      complaints.push(`after ${passedMs} ms: ${what}: expected ${max} at most, got ${measured}`);
    }
  };
  check('heap of the worker', highest.heapBytes, look.heapBytesMax);
  check('external memory of the worker', highest.externalBytes, EXTERNAL_BYTES_MAX);
  check('bytes in the spool', highest.spoolBytes, terms.spoolBytesMax + WRITING_BYTES_MAX);
  check('files in the spool', highest.files, FILES_MAX + MARKERS_MAX);
  check('age of the oldest batch', oldestAgeMs, terms.ageMaxMs + AGE_SPARE_MS);
  check('records refused by the ring', refusedByRing, 0);
  // Where there is no spool, nobody but the account knows what waits: the collector will say.
  const missing = batched - delivered - droppedOf(look) - waiting;
  if (terms.spoolBytesMax > 0 && missing !== 0) {
    complaints.push(`after ${passedMs} ms: ${missing} records of ${batched} are in no account`);
  }
  return complaints;
}

function complaintsOfReturn(outage: Outage): string[] {
  const { over, end, exitCode, accounts } = outage;
  const complaints: string[] = [];
  if (exitCode !== 0) complaints.push(`the application ended with ${exitCode}`);
  const others = warningsOf({ code: exitCode, signal: null, stdout: '', stderr: outage.stderr });
  for (const warning of others) {
    if (warning !== 'TACHO_COLLECTOR_UNREACHABLE') complaints.push(`it said ${warning}`);
  }
  if (accounts.length !== 1) return [...complaints, `${accounts.length} accounts, not 1`];
  const [{ balanced, received, recorded, unaccounted }] = accounts as [Outage['accounts'][0]];
  if (!balanced) complaints.push(`the ledger does not add up: ${unaccounted} of ${recorded}`);
  for (const [reason, records] of Object.entries(end.dropped)) {
    // While the backlog is being sent, windows close and batches age, as before.
    if (reason === 'evicted' || reason === 'expired' || records === over.dropped[reason]) continue;
    complaints.push(`records were dropped after the return: ${reason}`);
  }
  if (received < end.delivered) complaints.push(`${received} of ${end.delivered} have arrived`);
  return complaints;
}

function complaintsOfGrowth(outage: Outage): string[] {
  const growth = growthOf(outage);
  if (growth === undefined || growth.low <= GROWTH_BYTES_MAX) return [];
  return [`resident memory grows by ${Math.round(growth.bytesPerDay)} bytes a day`];
}
