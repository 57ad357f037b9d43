/**
 * `npm run faults:alerts -- --times 200 --seed 1`: kill -9 of whoever keeps the alerts, so many times, while its
 * receiver fails a third of the time. Judged by the world that it lives in: every alert is told once when it
 * fires and once when it ends. About a second a kill. Ends with 1 when something is wrong, and keeps the folder.
 */
import { parseArgs } from 'node:util';
import { makeFolder } from '../support/run-app.js';
import { seeded } from '../support/seeded.js';
import { killAlerts } from './kill-alerts.js';

/** Looks of a life are some twelve, and a pair of phases takes eighty. */
const KILLS_A_PAIR = 8;

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
const folder = makeFolder();
const campaign = { folder: folder.path, times, random: seeded(seed), say: console.log };
const pairs = Math.ceil(times / KILLS_A_PAIR);
const { taken, repeated, complaints } = await killAlerts(campaign, pairs);
console.log(
  `kill -9 of the alerts, ${times} times: ${taken} messages were taken, ${repeated} of them again under the same key; ` +
    `${complaints.length} complaints`,
);
for (const complaint of complaints) console.log(`  ${complaint}`);
if (complaints.length === 0) folder.remove();
else {
  console.log(`  what there is lies in ${folder.path}`);
  process.exitCode = 1;
}
