/**
 * One outage: an application makes records while its collector is down, in compressed time
 * (children/outage.mjs), then a real collector comes up where none was, takes what is left, and is asked
 * for its account. What came of it is data here; outage-judge.ts says what is wrong with it.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ProcessAccount } from '../../src/collector/query/ledger.js';
import { endProcess, startCollectorProcess } from '../support/collector-process.js';
import { freeUrl } from '../support/free-url.js';
import { accountsOf } from '../support/oracle/ask-collector.js';
import { cleanEnvironment } from '../support/run-app.js';

const APPLICATION = new URL('./children/outage.mjs', import.meta.url).pathname;
const SERVICE = 'outage';

export interface OutageTerms {
  /** Of its own; spool and the collector's data lie in it. */
  readonly folder: string;
  /** Length of the outage, by the agent's clock. */
  readonly forMs: number;
  readonly recordsPerSecond: number;
  /** Between two looks. */
  readonly lookMs: number;
  /** TACHOGRAPH_SPOOL_MAX; 0 for memory only. */
  readonly spoolBytesMax: number;
  /** TACHOGRAPH_SPOOL_AGE. */
  readonly ageMaxMs: number;
}

/** What children/outage.mjs prints. Bytes of `highest` are peaks over the seconds, or over the looks for the spool. */
export interface Outlook {
  readonly passedMs: number;
  readonly windows: number;
  /** Records of the application, and what its ring refused of them. */
  readonly offered: number;
  readonly refusedByRing: number;
  /** Records in finished batches: the application's, and the agent's own. */
  readonly batched: number;
  readonly delivered: number;
  readonly dropped: Readonly<Record<string, number>>;
  /** Records in files of the spool, by their names. */
  readonly waiting: number;
  readonly oldestAgeMs: number;
  readonly ringBytes: number;
  readonly heapBytesMax: number;
  /** Before there was an agent. */
  readonly bareRssBytes: number;
  readonly rssBytes: number;
  readonly highest: Readonly<{
    heapBytes: number;
    externalBytes: number;
    rssBytes: number;
    spoolBytes: number;
    files: number;
  }>;
}

export interface Outage {
  readonly terms: OutageTerms;
  readonly looks: readonly Outlook[];
  /** The moment before the collector came up. */
  readonly over: Outlook;
  /** When all was delivered. */
  readonly end: Outlook;
  readonly exitCode: number | null;
  readonly stderr: string;
  /** The collector's, of the application. */
  readonly accounts: readonly ProcessAccount[];
}

export async function runOutage(
  terms: OutageTerms,
  say: (outlook: Outlook) => void = () => undefined,
): Promise<Outage> {
  const { folder, forMs, recordsPerSecond, lookMs, spoolBytesMax, ageMaxMs } = terms;
  const url = await freeUrl();
  const task = JSON.stringify({ forMs, recordsPerSecond, lookMs });
  const app = spawn(process.execPath, [APPLICATION, task], {
    env: {
      ...cleanEnvironment(),
      TACHOGRAPH_URL: url,
      TACHOGRAPH_SERVICE: SERVICE,
      TACHOGRAPH_SPOOL_DIR: join(folder, 'spool'),
      TACHOGRAPH_SPOOL_MAX: String(spoolBytesMax),
      TACHOGRAPH_SPOOL_AGE: `${ageMaxMs}ms`,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const closed = once(app, 'close');
  let stderr = '';
  app.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const looks: Outlook[] = [];
  let over: Outlook | undefined;
  let collector: Awaited<ReturnType<typeof startCollectorProcess>> | undefined;
  try {
    for await (const line of createInterface({ input: app.stdout })) {
      const { isOver, ...outlook } = JSON.parse(line) as Outlook & { isOver?: true };
      looks.push(outlook);
      say(outlook);
      if (!isOver) continue;
      over = outlook;
      collector = await startCollectorProcess(join(folder, 'data'), [], Number(new URL(url).port));
      app.stdin.write('up\n');
    }
    const [exitCode] = (await closed) as [number | null];
    if (over === undefined || collector === undefined) {
      throw new Error(`expected the application to outlast the outage, it ended: ${stderr}`);
    }
    const accounts = await accountsOf(collector.url, SERVICE);
    return { terms, looks, over, end: looks.at(-1)!, exitCode, stderr, accounts };
  } finally {
    await endProcess(app, 'SIGKILL');
    if (collector !== undefined) await endProcess(collector.child, 'SIGTERM');
  }
}
