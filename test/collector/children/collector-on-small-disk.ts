/**
 * A collector whose disk, a file system of its own, is filled to the last byte and freed again. Says
 * after each step, as JSON, how batches and questions were answered.
 */
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { startCollector } from '../../../src/collector/start-collector.js';
import { DAY_MS, makeBatch, send } from '../make-batch.js';

const [root = ''] = process.argv.slice(2);
const NOW = Date.UTC(2026, 10, 23, 12);
const VALUES = Array.from({ length: 300 }, (_, i) => i * i * 7);
const ROUTES = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`/r${i}`, VALUES]));
const BATCHES = 12;

const log: string[] = [];
const { url, store, close } = await startCollector({
  folder: join(root, 'data'),
  port: 0,
  queryThreads: 0,
  now: () => NOW,
  log: (line) => log.push(line),
});

let sequence = 0;
/** Of windows of this day, and of the day before, whose file is not there yet. */
async function sendSome(startMs: number): Promise<Record<string, number>> {
  const answers: Record<string, number> = {};
  for (let i = 0; i < BATCHES; i++) {
    sequence += 1;
    const answer = await send(url, makeBatch({ startMs, sequence, routes: ROUTES }));
    const retryAfter = answer.headers.get('retry-after');
    await answer.arrayBuffer();
    const key = retryAfter === null ? `${answer.status}` : `${answer.status} after ${retryAfter}`;
    answers[key] = (answers[key] ?? 0) + 1;
  }
  return answers;
}

async function ask(): Promise<object> {
  const statuses: Record<string, number> = {};
  for (const path of ['services', 'metrics', 'ledger', 'events', 'health']) {
    statuses[path] = (await fetch(`${url}/v1/${path}`)).status;
  }
  const query = `${url}/v1/query?metric=http.server.request.duration&from=-3d`;
  const body = (await (await fetch(query)).json()) as { groups: { total: { count: number } }[] };
  const { processes } = (await (await fetch(`${url}/v1/ledger`)).json()) as {
    processes: { batches: number }[];
  };
  return { statuses, count: body.groups[0]?.total.count, batches: processes[0]?.batches };
}

/** To the last byte: the pages of a tmpfs are 4 KiB. */
function fill(): void {
  const file = openSync(join(root, 'filler'), 'w');
  try {
    for (let bytes = 1 << 20; bytes >= 1; bytes >>= 1) {
      try {
        for (;;) writeSync(file, Buffer.alloc(bytes));
      } catch {
        // So large a piece does not fit any more.
      }
    }
  } finally {
    closeSync(file);
  }
}

async function say(step: string): Promise<void> {
  const today = await sendSome(NOW - 10_000);
  const yesterday = await sendSome(NOW - DAY_MS);
  const maintained = await store.maintain().then(
    () => 'done',
    () => 'failed',
  );
  console.log(
    JSON.stringify({ step, today, yesterday, maintained, log: log.splice(0), ...(await ask()) }),
  );
}

async function sayOnlyToday(step: string): Promise<void> {
  const today = await sendSome(NOW - 10_000);
  console.log(JSON.stringify({ step, today, log: log.splice(0), ...(await ask()) }));
}

await sayOnlyToday('before');
fill();
await say('full');
rmSync(join(root, 'filler'));
await say('freed');
await close();
