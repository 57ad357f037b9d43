/**
 * `npm run faults:kill -- --times 200 --seed 1`: kill -9 of the application and then of the collector,
 * so many times each, judged by the oracle: loss within P5, no duplicates, ledgers that add up. About
 * two seconds a kill. Ends with 1 when the oracle complains, and keeps the folder for a look.
 */

import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { endProcess, startCollectorProcess } from '../support/collector-process.js';
import { FaultProxy } from '../support/fault-proxy/fault-proxy.js';
import { makeFolder } from '../support/run-app.js';
import { seeded } from '../support/seeded.js';
import type { Campaign, Outcome } from './campaign.js';
import { killApp } from './kill-app.js';
import { killCollector } from './kill-collector.js';

const { values } = parseArgs({
  options: {
    times: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
const [times, seed] = [Number(values.times), Number(values.seed)];
if (!Number.isSafeInteger(times) || times < 1 || !Number.isSafeInteger(seed)) {
  throw new Error('expected --times NUMBER, from 1 on, and --seed NUMBER');
}
console.log(`seed ${seed}`);
await report('application', killAppAlone);
await report('collector', killCollectorAlone);

async function report(
  victim: string,
  run: (campaign: Campaign) => Promise<Outcome>,
): Promise<void> {
  const folder = makeFolder();
  const campaign = { folder: folder.path, times, random: seeded(seed), say: console.log };
  const { processes, recorded, missing, lostMsMax, complaints } = await run(campaign);
  console.log(
    `kill -9 of the ${victim}, ${times} times: ${processes} applications recorded ${recorded} ids; ` +
      `${missing} are missing, the oldest of them ${lostMsMax} ms old when the kill came`,
  );
  if (complaints.length === 0) return folder.remove();
  for (const complaint of complaints) console.log(`  ${complaint}`);
  console.log(`  what there is lies in ${folder.path}`);
  process.exitCode = 1;
}

async function killAppAlone(campaign: Campaign): Promise<Outcome> {
  const { child, url } = await startCollectorProcess(join(campaign.folder, 'data'));
  try {
    return await killApp(campaign, url);
  } finally {
    await endProcess(child, 'SIGTERM');
  }
}

async function killCollectorAlone(campaign: Campaign): Promise<Outcome> {
  const proxy = await FaultProxy.start({ target: 1 });
  try {
    return await killCollector(campaign, proxy);
  } finally {
    await proxy.close();
  }
}
