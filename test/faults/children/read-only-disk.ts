/**
 * An application whose spool lies on a file system that becomes read-only while it records, and is mended.
 * Within a namespace in which we may mount. Says as JSON what the oracle and the application said.
 *
 *     read-only-disk.ts FOLDER up|down
 *
 * `up`: the collector takes everything meanwhile; `down`: nothing reaches it before the disk is mended.
 */
import { join } from 'node:path';
import { endProcess, startCollectorProcess } from '../../support/collector-process.js';
import { FaultProxy } from '../../support/fault-proxy/fault-proxy.js';
import { Producer } from '../../support/oracle/producer.js';
import { sendRest } from '../backlog.js';
import { complaintsOfEnd, warningsOf } from '../behaviour.js';
import { SmallDisk } from '../small-disk.js';

/** Several windows, and one or two attempts to save something. */
const BEATS = 160;
const DISK_BYTES = 32 * 1024 * 1024;

const [folder = '', state = ''] = process.argv.slice(2);
const disk = new SmallDisk(join(folder, 'spool'), DISK_BYTES);
const collector = await startCollectorProcess(join(folder, 'data'));
const proxy = await FaultProxy.start({ target: Number(new URL(collector.url).port) });
const producer = new Producer({ service: `read-only-${state}`, url: proxy.url, folder });
try {
  const complaints: string[] = [];
  await producer.beats(BEATS);
  if (state === 'down') proxy.set({ kind: 'refuse' });
  await disk.makeReadOnly();
  await producer.beats(BEATS);
  if (state === 'up' && !(await producer.isFreshSoon(collector.url))) {
    complaints.push('nothing arrives while it is read-only');
  }
  await disk.heal();
  proxy.heal();
  if (!(await producer.isFreshSoon(collector.url))) complaints.push('no fresh record in 15 s');
  const end = await producer.finish();
  // What waited in memory is on the disk again with the end at the latest.
  const next = { service: `${producer.service}-next`, url: proxy.url, folder };
  const rest = await sendRest(next, collector.url);
  complaints.push(...complaintsOfEnd(end), ...rest.complaints);
  complaints.push(...(await producer.complaints(collector.url)));
  const { accounts, recorded, counts } = await producer.evidence(collector.url);
  const dropped = Object.values(accounts[0]?.dropped ?? {}).reduce((sum, n) => sum + n, 0);
  const said = { complaints, warnings: warningsOf(end), dropped, missing: recorded - counts.size };
  console.log(JSON.stringify(said));
} finally {
  await producer.kill();
  await proxy.close();
  await endProcess(collector.child, 'SIGKILL');
}
