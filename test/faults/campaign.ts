/** What the two campaigns of kills have in common: their terms and the judgement. */
import { lostMs } from '../support/oracle/id-log.js';
import { droppedOf } from '../support/oracle/judge.js';
import type { Producer } from '../support/oracle/producer.js';

export interface Campaign {
  /** Of its own; the spool and the logs lie in it. */
  readonly folder: string;
  readonly times: number;
  /** 0 to 1. */
  readonly random: () => number;
  readonly say: (line: string) => void;
}

export interface Outcome {
  readonly processes: number;
  /** Ids that the processes recorded, and how many of them are not there. */
  readonly recorded: number;
  readonly missing: number;
  /** Age, at the kill, of the oldest id that it took along; by the application's own beats. */
  readonly lostMsMax: number;
  readonly complaints: readonly string[];
}

/**
 * All of them must be gone, and what they left sent. A kill takes records along that no account knows; one that an
 * account calls dropped is a complaint, for it would excuse an id that is missing; but for what was refused,
 * where a fault was that batches are.
 */
export async function judgeAll(
  producers: readonly Producer[],
  collectorUrl: string,
  complaints: readonly string[],
  areRefused = false,
): Promise<Outcome> {
  const found = [...complaints];
  let recorded = 0;
  let missing = 0;
  let lostMsMax = 0;
  for (const producer of producers) {
    const { log, service } = producer;
    const own = await producer.complaints(collectorUrl, 0);
    found.push(...own.map((complaint) => `${service}: ${complaint}`));
    const { counts, accounts } = await producer.evidence(collectorUrl);
    for (const account of accounts) {
      const refused = areRefused ? (account.dropped.refused ?? 0) : 0;
      if (droppedOf(account) > refused) {
        found.push(`${service}: dropped ${JSON.stringify(account.dropped)}`);
      }
    }
    recorded += log.recorded;
    missing += log.recorded - counts.size;
    lostMsMax = Math.max(lostMsMax, lostMs(log, counts));
  }
  return { processes: producers.length, recorded, missing, lostMsMax, complaints: found };
}
