/**
 * kill -9 of the application, again and again: two lines of processes share one spool folder, each
 * process is killed at a random moment and followed at once by its heir, which takes over what it left.
 * The oracle judges every one of them.
 *
 * Bounded: LINES processes at a time, each of which lives for LIFE_MS_MAX and the patience of its moment.
 */
import { join } from 'node:path';
import { Producer } from '../support/oracle/producer.js';
import { sendRest } from './backlog.js';
import { type Campaign, judgeAll, type Outcome } from './campaign.js';
import { momentOfWriting } from './moments.js';

const LINES = 2;
const LIFE_MS_MIN = 150;
const LIFE_MS_MAX = 4000;

/** @param url of a collector that stays up */
export async function killApp(campaign: Campaign, url: string): Promise<Outcome> {
  const share = Math.ceil(campaign.times / LINES);
  const lines = Array.from({ length: LINES }, (_, line) => {
    const times = Math.min(share, campaign.times - line * share);
    return runLine(campaign, url, line, times);
  });
  const killed = (await Promise.all(lines)).flat();
  const last = await sendRest({ service: 'last', url, folder: campaign.folder }, url);
  return judgeAll([...killed, last.producer], url, last.complaints);
}

async function runLine(
  { folder, random, say }: Campaign,
  url: string,
  line: number,
  times: number,
): Promise<Producer[]> {
  const spool = join(folder, 'spool');
  const producers: Producer[] = [];
  for (let kill = 1; kill <= times; kill++) {
    // Every other one lives on checkpoints: its window is longer than its life.
    const env = { TACHOGRAPH_WINDOW: kill % 2 === 0 ? '1s' : '60s' };
    const producer = new Producer({ service: `app-${line}-${kill}`, url, folder, env });
    producers.push(producer);
    await momentOfWriting(spool, LIFE_MS_MIN, LIFE_MS_MAX, random);
    await producer.kill();
    if (kill % 10 === 0) say(`line ${line}: ${kill} of ${times} applications killed`);
  }
  return producers;
}
