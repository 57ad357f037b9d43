/**
 * What a soak does harm to: a collector, the fault proxy before it, and lines of applications that share a
 * spool, in each of which an heir follows whoever ends. Owns all their processes. Bounded: LINES applications
 * at a time, each of which lives for LIFE_BEATS_MAX and a step.
 */
import { join } from 'node:path';
import {
  type CollectorProcess,
  endProcess,
  startCollectorProcess,
} from '../support/collector-process.js';
import type { Fault } from '../support/fault-proxy/fault.js';
import { FaultProxy } from '../support/fault-proxy/fault-proxy.js';
import { Producer } from '../support/oracle/producer.js';
import { isBacklogSent, sendRest } from './backlog.js';
import { complaintsOfEnd } from './behaviour.js';
import { judgeAll, type Outcome } from './campaign.js';
import { SmallDisk } from './small-disk.js';
import { LINES } from './soak-plan.js';

/** 60 s: its ids last for 100. */
const LIFE_BEATS_MAX = 2400;
/** 2.5 s: a life that ends before the agent's worker is up is not recorded, and nothing is promised of it. */
const LIFE_BEATS_MIN = 100;
/**
 * What a broken disk does not keep is delivered at the end, for which half a second may not do on a busy
 * machine. Ends that are on time are the exit matrix's (./exits.ts).
 */
const PATIENT = { TACHOGRAPH_EXIT_TIMEOUT: '5s' };
const SPOOL_DISK_BYTES = 32 * 1024 * 1024;
const DATA_DISK_BYTES = 1024 * 1024 * 1024;

export class SoakWorld {
  /** Where they are, with disks that can be made to fail. */
  readonly disks: Readonly<Record<'spool' | 'data', SmallDisk>> | undefined;
  readonly #folder: string;
  readonly #proxy: FaultProxy;
  readonly #beatsPerId: number;
  #collector: CollectorProcess;
  readonly #all: Producer[] = [];
  readonly #lines: Producer[] = [];
  readonly #complaints: string[] = [];

  private constructor(
    folder: string,
    proxy: FaultProxy,
    collector: CollectorProcess,
    disks: SoakWorld['disks'],
    beatsPerId: number,
  ) {
    this.#folder = folder;
    this.#proxy = proxy;
    this.#collector = collector;
    this.disks = disks;
    this.#beatsPerId = beatsPerId;
    for (let line = 0; line < LINES; line++) this.#startApplication(line);
  }

  /** @param hasDisks within a namespace in which we may mount */
  static async start(
    folder: string,
    seed: number,
    hasDisks: boolean,
    beatsPerId: number,
  ): Promise<SoakWorld> {
    const disks = hasDisks
      ? {
          spool: new SmallDisk(join(folder, 'spool'), SPOOL_DISK_BYTES),
          data: new SmallDisk(join(folder, 'data'), DATA_DISK_BYTES),
        }
      : undefined;
    const collector = await startCollectorProcess(join(folder, 'data'));
    const target = Number(new URL(collector.url).port);
    const proxy = await FaultProxy.start({ target, seed });
    return new SoakWorld(folder, proxy, collector, disks, beatsPerId);
  }

  setFault(fault: Fault): void {
    this.#proxy.set(fault);
  }

  healNetwork(): void {
    this.#proxy.heal();
  }

  signalApplication(line: number, signal: NodeJS.Signals): void {
    this.#lines[line]!.child.kill(signal);
  }

  signalCollector(signal: NodeJS.Signals): void {
    this.#collector.child.kill(signal);
  }

  async killApplication(line: number): Promise<void> {
    await this.#lines[line]!.kill();
    this.#startApplication(line);
  }

  /** Ends it in an orderly way, once it is old enough to owe something. */
  async endApplication(line: number): Promise<void> {
    const producer = this.#lines[line]!;
    await producer.beats(Math.max(0, LIFE_BEATS_MIN - producer.log.beats.length));
    await this.#endLine(line);
    this.#startApplication(line);
  }

  async endAllApplications(): Promise<void> {
    for (let line = 0; line < LINES; line++) await this.endApplication(line);
  }

  async killCollector(): Promise<void> {
    await endProcess(this.#collector.child, 'SIGKILL');
    this.#collector = await startCollectorProcess(join(this.#folder, 'data'));
    this.#proxy.target = Number(new URL(this.#collector.url).port);
  }

  /** Ends those whose ids would soon be used up. */
  async endAged(): Promise<void> {
    for (const [line, { log }] of this.#lines.entries()) {
      if (log.beats.length > LIFE_BEATS_MAX) await this.endApplication(line);
    }
  }

  /** While nothing is wrong: every application gets a fresh record through in time, and then all that waits. */
  async settle(): Promise<void> {
    for (const producer of this.#lines) {
      if (await producer.isFreshSoon(this.#collector.url)) continue;
      this.#complaints.push(`${producer.service}: no fresh record in 15 s`);
    }
    if (!(await isBacklogSent(this.#folder))) this.#complaints.push('the backlog was not sent');
  }

  /** Ends everything in an orderly way, and judges. */
  async judge(): Promise<Outcome> {
    await this.settle();
    for (let line = 0; line < LINES; line++) await this.#endLine(line);
    const options = { service: 'last', url: this.#proxy.url, folder: this.#folder };
    const { url } = this.#collector;
    const last = await sendRest(options, url);
    const complaints = [...this.#complaints, ...last.complaints];
    const outcome = await judgeAll([...this.#all, last.producer], url, complaints, true);
    const code = await endProcess(this.#collector.child, 'SIGTERM');
    if (code === 0) return outcome;
    return {
      ...outcome,
      complaints: [...outcome.complaints, `the collector ended with ${code}`],
    };
  }

  async close(): Promise<void> {
    await Promise.all(this.#lines.map((producer) => producer.kill()));
    await endProcess(this.#collector.child, 'SIGKILL');
    await this.#proxy.close();
  }

  #startApplication(line: number): void {
    const service = `line-${line}-${this.#all.length}`;
    const app = ['oracle-producer.mjs', String(this.#beatsPerId)] as const;
    const { url } = this.#proxy;
    const producer = new Producer({ service, url, folder: this.#folder, app, env: PATIENT });
    this.#all.push(producer);
    this.#lines[line] = producer;
  }

  async #endLine(line: number): Promise<void> {
    const producer = this.#lines[line]!;
    const complaints = complaintsOfEnd(await producer.finish());
    this.#complaints.push(...complaints.map((complaint) => `${producer.service}: ${complaint}`));
  }
}
