/**
 * kill -9 of the collector, again and again, while applications send through the fault proxy, which
 * knows when a request passes: half of the kills fall into the time of a commit. Every few kills the
 * applications end in an orderly way and others begin. The oracle judges every one of them.
 *
 * Bounded: one collector and SENDERS applications at a time.
 */
import { join } from 'node:path';
import {
  type CollectorProcess,
  endProcess,
  startCollectorProcess,
} from '../support/collector-process.js';
import type { FaultProxy } from '../support/fault-proxy/fault-proxy.js';
import { Producer } from '../support/oracle/producer.js';
import { sendRest } from './backlog.js';
import { type Campaign, judgeAll, type Outcome } from './campaign.js';
import { momentOfRequest } from './moments.js';

const LIFE_MS_MIN = 50;
const LIFE_MS_MAX = 1500;
const SENDERS = 3;
const KILLS_A_GENERATION = 6;

/** @param proxy through which applications reach whichever collector is up */
export async function killCollector(campaign: Campaign, proxy: FaultProxy): Promise<Outcome> {
  const { folder, times, random, say } = campaign;
  const start = async (): Promise<CollectorProcess> => {
    const collector = await startCollectorProcess(join(folder, 'data'));
    proxy.target = Number(new URL(collector.url).port);
    return collector;
  };
  const all: Producer[] = [];
  let senders: Producer[] = [];
  for (let kill = 0; kill < times; kill++) {
    if (kill % KILLS_A_GENERATION === 0) {
      await Promise.all(senders.map((sender) => sender.finish()));
      senders = Array.from({ length: SENDERS }, (_, i) => {
        return new Producer({ service: `collector-${kill}-${i}`, url: proxy.url, folder });
      });
      all.push(...senders);
    }
    const { child } = await start();
    await momentOfRequest(proxy, LIFE_MS_MIN, LIFE_MS_MAX, random);
    await endProcess(child, 'SIGKILL');
    if ((kill + 1) % 10 === 0) say(`${kill + 1} of ${times} collectors killed`);
  }
  const { child, url } = await start();
  try {
    await Promise.all(senders.map((sender) => sender.finish()));
    const last = await sendRest({ service: 'last', url: proxy.url, folder }, url);
    return await judgeAll([...all, last.producer], url, last.complaints);
  } finally {
    await endProcess(child, 'SIGTERM');
  }
}
