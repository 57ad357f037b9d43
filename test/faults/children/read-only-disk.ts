/**
 * An application whose spool lies on a file system that becomes read-only while it records, and is mended.
 * Within a namespace in which we may mount. Says as JSON what the oracle and the application said.
 *
 *     read-only-disk.ts FOLDER up|down|hung
 *
 * `up`: the collector takes everything meanwhile; `down`: nothing reaches it before the disk is mended;
 * `hung`: it is well again, while the agent still waits for an answer that got lost, and the application ends
 * before the disk is mended.
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
/** More than the second that a checkpoint on the disk has, and less than the hung request takes. */
const BEATS_OF_END = 60;
const DISK_BYTES = 32 * 1024 * 1024;

/** Of the end of `hung`, on a busy machine; how long an end may take is the exit matrix's (../exits.ts). */
const PATIENT = { TACHOGRAPH_EXIT_TIMEOUT: '5s' };
/** The first attempt has failed then, and the second gets no answer for 5 s. */
const SWALLOWED = 2;

const [folder = '', state = ''] = process.argv.slice(2);
const disk = new SmallDisk(join(folder, 'spool'), DISK_BYTES);
const collector = await startCollectorProcess(join(folder, 'data'));
const proxy = await FaultProxy.start({ target: Number(new URL(collector.url).port) });
const service = `read-only-${state}`;
const env = state === 'hung' ? PATIENT : {};
const producer = new Producer({ service, url: proxy.url, folder, env });
try {
  const complaints: string[] = [];
  await producer.beats(BEATS);
  if (state === 'down') proxy.set({ kind: 'refuse' });
  if (state === 'hung') {
    proxy.set({ kind: 'black-hole' });
    while (proxy.faults < SWALLOWED) await producer.beats(1);
    proxy.heal();
  }
  await disk.makeReadOnly();
  await producer.beats(state === 'hung' ? BEATS_OF_END : BEATS);
  if (state === 'up' && !(await producer.isFreshSoon(collector.url))) {
    complaints.push('nothing arrives while it is read-only');
  }
  const ended = state === 'hung' ? await producer.finish() : undefined;
  await disk.heal();
  proxy.heal();
  if (ended === undefined && !(await producer.isFreshSoon(collector.url))) {
    complaints.push('no fresh record in 15 s');
  }
  const end = ended ?? (await producer.finish());
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
