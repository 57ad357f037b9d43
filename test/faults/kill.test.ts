/** A few kills of each kind; `npm run faults:kill` does hundreds. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type CollectorProcess,
  endProcess,
  startCollectorProcess,
} from '../support/collector-process.js';
import { FaultProxy } from '../support/fault-proxy/fault-proxy.js';
import { makeFolder } from '../support/run-app.js';
import { seeded } from '../support/seeded.js';
import type { Campaign } from './campaign.js';
import { killApp } from './kill-app.js';
import { killCollector } from './kill-collector.js';

const TIMES = 6;
let collector: CollectorProcess;
let proxy: FaultProxy;
let campaigns: (Campaign & { remove: () => void })[];

function newCampaign(seed: number): Campaign {
  const { path, remove } = makeFolder();
  const say = (): void => undefined;
  const campaign = { folder: path, times: TIMES, random: seeded(seed), say, remove };
  campaigns.push(campaign);
  return campaign;
}

beforeEach(async () => {
  campaigns = [];
  collector = await startCollectorProcess(newCampaign(0).folder);
  proxy = await FaultProxy.start({ target: 1 });
});
afterEach(async () => {
  await endProcess(collector.child, 'SIGKILL');
  await proxy.close();
  for (const { remove } of campaigns) remove();
});

describe('kill -9 at random moments under load', () => {
  it('of the application loses the last second at most, and of the collector nothing; neither brings anything twice', async () => {
    // Together, because both mostly wait.
    const [ofApp, ofCollector] = await Promise.all([
      killApp(newCampaign(1), collector.url),
      killCollector(newCampaign(2), proxy),
    ]);
    expect(ofApp.complaints).toEqual([]);
    expect(ofCollector.complaints).toEqual([]);
    expect(ofCollector.missing).toBe(0);
    expect(ofApp.recorded).toBeGreaterThan(0);
    expect(ofCollector.recorded).toBeGreaterThan(0);
  });
});
