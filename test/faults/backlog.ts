/** What waits in a spool after the faults: until it is sent, by its owner or by one that takes it over. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Producer, type ProducerOptions } from '../support/oracle/producer.js';

/** For a backlog of hundreds of batches, past a backoff. */
const SENT_MS_MAX = 60_000;

/** Waits until no batch waits, while an application lives that sends them. */
export async function isBacklogSent(folder: string): Promise<boolean> {
  const deadlineMs = performance.now() + SENT_MS_MAX;
  while (waitingBatches(join(folder, 'spool')) > 0) {
    if (performance.now() > deadlineMs) return false;
    await sleep(50);
  }
  return true;
}

/** An application that ends in an orderly way, once it has sent what all before it left. */
export async function sendRest(
  options: ProducerOptions,
  collectorUrl: string,
): Promise<{ producer: Producer; complaints: string[] }> {
  const producer = new Producer(options);
  const complaints: string[] = [];
  if (!(await producer.isFreshSoon(collectorUrl))) complaints.push('no fresh record in 15 s');
  if (!(await isBacklogSent(options.folder))) complaints.push('the backlog was not sent');
  const { code, stderr } = await producer.finish();
  if (code !== 0 || stderr !== '') complaints.push(`the last one ended with ${code}: ${stderr}`);
  return { producer, complaints };
}

/** Those that were refused or damaged lie in folders of their own. */
function waitingBatches(spool: string): number {
  const names = readdirSync(spool, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => /^[^/]+\/[^/]+\.tgb$/.test(name)).length;
}
