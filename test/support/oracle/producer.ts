/**
 * Runs the oracle's application under the built agent, and gives the evidence about it when it is gone.
 * Owns the process. Needs `npm run build`.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
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
  #isKilled = false;

  constructor({ service, url, folder, env = {} }: ProducerOptions) {
    this.service = service;
    this.folder = folder;
    this.#logPath = join(folder, `${service}.log`);
    const script = join(FIXTURES, 'oracle-producer.mjs');
    const args = ['--import', REGISTER, script, this.#logPath, String(IDS_MAX)];
    this.child = spawn(process.execPath, args, {
      cwd: FIXTURES,
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

  /** Ends as a program that is done. */
  finish(): Promise<ProducerEnd> {
    this.child.stdin?.end();
    return this.ended;
  }

  kill(): Promise<ProducerEnd> {
    this.#isKilled = true;
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
    const end: End = this.#isKilled ? 'killed' : 'orderly';
    return {
      recorded: log.recorded,
      obliged: obligedIds(log, end),
      end,
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
    let stdout = '';
    let stderr = '';
    this.child.stdin?.on('error', () => undefined);
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const [code, signal] = (await once(this.child, 'close')) as [
      number | null,
      NodeJS.Signals | null,
    ];
    return { code, signal, stdout, stderr };
  }
}
