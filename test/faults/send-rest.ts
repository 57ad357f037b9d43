/** What comes after the faults: an application that takes over and sends what all before it left. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Producer, type ProducerOptions } from '../support/oracle/producer.js';

/** For a backlog of hundreds of batches, past a backoff. */
const REST_MS_MAX = 60_000;

/** An application that ends in an orderly way, once it has sent what all before it left. */
export async function sendRest(
  options: ProducerOptions,
  collectorUrl: string,
): Promise<{ producer: Producer; complaints: string[] }> {
  const producer = new Producer(options);
  const complaints: string[] = [];
  if (!(await producer.isFreshSoon(collectorUrl))) complaints.push('no fresh record came in 15 s');
  const deadlineMs = performance.now() + REST_MS_MAX;
  while (waitingBatches(join(options.folder, 'spool')) > 0) {
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

function waitingBatches(spool: string): number {
  const names = readdirSync(spool, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith('.tgb')).length;
}
