/**
 * Runs the oracle's application under the built agent, and gives the evidence about it when it is gone.
 * Owns the process. Needs `npm run build`.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cleanEnvironment, FIXTURES, REGISTER } from '../run-app.js';
import { accountsOf, countsOf, hasId } from './ask-collector.js';
import { type End, type IdLog, obligedIds, readIdLog } from './id-log.js';
import { complaintsOf, type Evidence } from './judge.js';

/** For 100 s. Below the collector's limit of 5,000 series a service, with room for the agent's own. */
const IDS_MAX = 4000;
/** What a collector that is well again must have got by then. */
const FRESH_WITHIN_MS = 15_000;
const POLL_MS = 100;

export interface ProducerOptions {
  /** One producer a service: series of a service are limited, and accounts are told apart by it. */
  readonly service: string;
  /** Of the agent. */
  readonly url: string;
  /** Where the log is written, and the spool lies. */
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Another binary of Node.js than ours. */
  readonly node?: string;
  /** Before the application. */
  readonly flags?: readonly string[];
  /** Another application of the oracle, and its arguments after those that they have in common. */
  readonly app?: readonly [script: string, ...args: string[]];
  /** Without the agent, for comparison. */
  readonly isBare?: boolean;
  /** What it owes; a kill makes it `killed`. */
  readonly end?: End;
}

export interface ProducerEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class Producer {
  readonly service: string;
  readonly folder: string;
  readonly child: ChildProcess;
  /** When its streams are closed. */
  readonly ended: Promise<ProducerEnd>;
  readonly #logPath: string;
  #end: End;
  #stdout = '';
  #stderr = '';

  constructor(options: ProducerOptions) {
    const { service, url, folder, env = {}, app = ['oracle-producer.mjs'], flags = [] } = options;
    this.service = service;
    this.folder = folder;
    this.#end = options.end ?? 'orderly';
    this.#logPath = join(folder, `${service}.log`);
    const [script, ...more] = app;
    const preload = options.isBare ? [] : ['--import', REGISTER];
    const args = [join(FIXTURES, script), this.#logPath, String(IDS_MAX), ...more];
    this.child = spawn(options.node ?? process.execPath, [...flags, ...preload, ...args], {
      // A core dump stays here.
      cwd: folder,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: {
        ...cleanEnvironment(),
        TACHOGRAPH_URL: url,
        TACHOGRAPH_SPOOL_DIR: join(folder, 'spool'),
        TACHOGRAPH_SERVICE: service,
        TACHOGRAPH_WINDOW: '1s',
        TACHOGRAPH_SERIES_MAX: '5000',
        ...env,
      },
    });
    this.ended = this.#collect();
  }

  get log(): IdLog {
    return existsSync(this.#logPath) ? readIdLog(this.#logPath) : { beats: [], recorded: 0 };
  }

  /** Until it has recorded for so many beats more. */
  async beats(count: number): Promise<void> {
    const goal = this.log.beats.length + count;
    while (this.log.beats.length < goal) {
      if (this.child.exitCode !== null || this.child.signalCode !== null) {
        throw new Error(`producer ${this.service} has ended: ${(await this.ended).stderr}`);
      }
      await sleep(20);
    }
  }

  /** Until its agent's worker is about to drain: it has said in the spool that it lives. */
  async recording(): Promise<void> {
    const marker = new RegExp(`(?:^|/)${this.child.pid}-\\w+\\.owner$`);
    const spool = join(this.folder, 'spool');
    for (;;) {
      await this.beats(1);
      if (!existsSync(spool)) continue;
      const names = readdirSync(spool, { recursive: true, encoding: 'utf8' });
      if (names.some((name) => marker.test(name))) return;
    }
  }

  /** Until it has said so, on either stream, or has ended. */
  async heard(text: string): Promise<void> {
    const said = new Promise<void>((resolve) => {
      const look = (): void => {
        if (this.#stdout.includes(text) || this.#stderr.includes(text)) resolve();
      };
      this.child.stdout?.on('data', look);
      this.child.stderr?.on('data', look);
      look();
    });
    await Promise.race([said, this.ended]);
  }

  /** A line on its standard input. */
  tell(line: string): void {
    this.child.stdin?.write(`${line}\n`);
  }

  /** Ends as a program that is done. */
  finish(): Promise<ProducerEnd> {
    this.child.stdin?.end();
    return this.ended;
  }

  kill(): Promise<ProducerEnd> {
    this.#end = 'killed';
    this.child.kill('SIGKILL');
    return this.ended;
  }

  /** Whether an id that is recorded from now on arrives in time. It must still run. */
  async isFreshSoon(collectorUrl: string): Promise<boolean> {
    const id = this.log.recorded;
    await this.beats(2);
    const deadlineMs = performance.now() + FRESH_WITHIN_MS;
    while (performance.now() < deadlineMs) {
      if (await hasId(collectorUrl, this.service, id)) return true;
      await sleep(POLL_MS);
    }
    return false;
  }

  async evidence(collectorUrl: string): Promise<Evidence> {
    const { log } = this;
    return {
      recorded: log.recorded,
      obliged: obligedIds(log, this.#end),
      end: this.#end,
      counts: await countsOf(collectorUrl, this.service, log.recorded),
      accounts: await accountsOf(collectorUrl, this.service),
    };
  }

  /** The verdict once it is a good one, or the last one within the time. The process must be gone. */
  async complaints(collectorUrl: string, withinMs = FRESH_WITHIN_MS): Promise<string[]> {
    const deadlineMs = performance.now() + withinMs;
    for (;;) {
      const complaints = complaintsOf(await this.evidence(collectorUrl));
      if (complaints.length === 0 || performance.now() > deadlineMs) return complaints;
      await sleep(POLL_MS);
    }
  }

  async #collect(): Promise<ProducerEnd> {
    this.child.stdin?.on('error', () => undefined);
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
    });
    const [code, signal] = (await once(this.child, 'close')) as [
      number | null,
      NodeJS.Signals | null,
    ];
    return { code, signal, stdout: this.#stdout, stderr: this.#stderr };
  }
}
