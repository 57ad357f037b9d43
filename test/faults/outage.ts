/**
 * `npm run faults:outage -- --for 1d`: the collector is down for a day, at 5,000 records a second, and comes up
 * again; the agent's clock is moved, everything else is real. Prints what memory and disk took of their bounds,
 * what was dropped, and whether every record is accounted for; ends with 1 when something is wrong, and keeps
 * the folder for a look. Twenty-five minutes a day and spool: `--spool 64MiB,8MiB/1h,0` names them, each with the
 * age that batches may reach, and 0 for none. They run side by side.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseBytes, parseDurationMs } from '../../src/shared/quantities.js';
import { makeFolder } from '../support/run-app.js';
import { complaintsOfOutage } from './outage-judge.js';
import { type OutageTerms, runOutage } from './outage-run.js';
import { outageTable, titleOf } from './outage-table.js';

const HOUR_MS = 3_600_000;
const LOOK_MS = 60_000;
const AGE_MAX = '7d';

const { values } = parseArgs({
  options: {
    for: { type: 'string', default: '1d' },
    rate: { type: 'string', default: '5000' },
    spool: { type: 'string', default: '64MiB,0' },
  },
});
const folder = makeFolder();
const forMs = parseDurationMs(values.for) ?? Number.NaN;
const recordsPerSecond = Number(values.rate);
const spools = values.spool.split(',').map(spoolOf);
if (!(forMs >= LOOK_MS) || !(recordsPerSecond >= 1) || spools.includes(undefined)) {
  throw new Error('expected --for TIME, as 1d or 2h, --rate NUMBER, and --spool SIZE[/AGE],…');
}
const outages = await Promise.all(
  spools.map((spool, index) => {
    const own = join(folder.path, String(index));
    mkdirSync(own);
    const terms: OutageTerms = { folder: own, forMs, recordsPerSecond, lookMs: LOOK_MS, ...spool! };
    return runOutage(terms, ({ passedMs }) => {
      if (passedMs % HOUR_MS === 0) console.log(`${titleOf(terms)}: ${passedMs / HOUR_MS} h`);
    });
  }),
);
console.log(`\n${outageTable(outages)}\n`);
const complaints = outages.flatMap((outage) =>
  complaintsOfOutage(outage).map((complaint) => `${titleOf(outage.terms)}: ${complaint}`),
);
if (complaints.length === 0) {
  console.log('every bound held, and every record is accounted for');
  folder.remove();
} else {
  for (const complaint of complaints) console.log(`  ${complaint}`);
  console.log(`  what there is lies in ${folder.path}`);
  process.exitCode = 1;
}

function spoolOf(text: string): Pick<OutageTerms, 'spoolBytesMax' | 'ageMaxMs'> | undefined {
  const [size = '', age = AGE_MAX] = text.split('/');
  const spoolBytesMax = parseBytes(size);
  const ageMaxMs = parseDurationMs(age);
  return spoolBytesMax === undefined || ageMaxMs === undefined
    ? undefined
    : { spoolBytesMax, ageMaxMs };
}
