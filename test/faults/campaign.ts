/** What the two campaigns of kills have in common: their terms, the last sender, and the judgement. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lostMs } from '../support/oracle/id-log.js';
import { Producer } from '../support/oracle/producer.js';

/** For a backlog of hundreds of batches, past a backoff. */
const REST_MS_MAX = 60_000;

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

/** An application that ends in an orderly way, once it has sent what all before it left. */
export async function sendRest(
  { folder }: Campaign,
  url: string,
  collectorUrl: string,
): Promise<{ producer: Producer; complaints: string[] }> {
  const producer = new Producer({ service: 'last', url, folder });
  const complaints: string[] = [];
  if (!(await producer.isFreshSoon(collectorUrl))) complaints.push('no fresh record came in 15 s');
  const deadlineMs = performance.now() + REST_MS_MAX;
  while (waitingBatches(join(folder, 'spool')) > 0) {
    if (performance.now() > deadlineMs) {
      complaints.push('the backlog was not sent');
      break;
    }
    await sleep(50);
  }
  const { code, stderr } = await producer.finish();
  if (code !== 0 || stderr !== '') complaints.push(`the last one ended with ${code}: ${stderr}`);
  return { producer, complaints };
}

/** All of them must be gone, and what they left sent. */
export async function judgeAll(
  producers: readonly Producer[],
  collectorUrl: string,
  complaints: readonly string[],
): Promise<Outcome> {
  const found = [...complaints];
  let recorded = 0;
  let missing = 0;
  let lostMsMax = 0;
  for (const producer of producers) {
    const { log, service } = producer;
    const own = await producer.complaints(collectorUrl, 0);
    found.push(...own.map((complaint) => `${service}: ${complaint}`));
    const { counts } = await producer.evidence(collectorUrl);
    recorded += log.recorded;
    missing += log.recorded - counts.size;
    lostMsMax = Math.max(lostMsMax, lostMs(log, counts));
  }
  return { processes: producers.length, recorded, missing, lostMsMax, complaints: found };
}

function waitingBatches(spool: string): number {
  const names = readdirSync(spool, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith('.tgb')).length;
}
