/**
 * Fault 14: the main thread is blocked for half a minute. A real application under the built agent, and a
 * real collector that is asked while it lasts.
 */
import { afterEach, expect, it } from 'vitest';
import type { StallPlace } from '../../src/collector/query/stalls.js';
import { type Collector, startCollector } from '../../src/collector/start-collector.js';
import { lineOf, makeFolder, PATIENT, runApp } from '../support/run-app.js';

const BLOCK_MS = 30_000;
/** Into the block; its windows are of a second. */
const ASKED_AFTER_MS = 15_000;

const SAMPLES = 'tachograph.agent.sample.duration';

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function placesAt(collector: Collector): Promise<StallPlace[]> {
  const response = await fetch(`${collector.url}/v1/stalls?from=-5m`);
  const { stalls } = (await response.json()) as { stalls: StallPlace[] };
  // Shorter ones may be another program's on a busy machine.
  return stalls.filter(({ sum }) => sum > 5);
}

type Received = Awaited<ReturnType<typeof receivedAt>>;

/** Batches that are here, and samples in them. */
async function receivedAt(collector: Collector): Promise<{ batches: number; samples: number }> {
  const get = async (path: string) => await (await fetch(collector.url + path)).json();
  const ledger = (await get('/v1/ledger')) as { processes: { batches: number }[] };
  const sampled = (await get(`/v1/query?metric=${SAMPLES}&from=-5m`)) as {
    groups: { total: { count: number } }[];
  };
  return {
    batches: ledger.processes[0]!.batches,
    samples: sampled.groups[0]!.total.count,
  };
}

it('a block of half a minute stops neither sampling nor sending, and is told with its line while it lasts', async () => {
  const { path: folder, remove } = makeFolder();
  cleanups.push(remove);
  const collector = await startCollector({ folder, port: 0, queryThreads: 0 });
  cleanups.push(() => collector.close());

  let asked: Promise<[Received, Received, StallPlace[]]> | undefined;
  const run = await runApp('blocks.mjs', {
    args: [`spin:${BLOCK_MS}`],
    timeoutMs: 120_000,
    env: {
      ...PATIENT,
      TACHOGRAPH_URL: collector.url,
      TACHOGRAPH_WINDOW: '1s',
      TACHOGRAPH_SAMPLE_INTERVAL: '1s',
    },
    onReady: () => {
      asked = (async () => {
        await new Promise((resolve) => setTimeout(resolve, ASKED_AFTER_MS / 2));
        const before = await receivedAt(collector);
        await new Promise((resolve) => setTimeout(resolve, ASKED_AFTER_MS / 2));
        return [before, await receivedAt(collector), await placesAt(collector)];
      })();
    },
  });
  expect(run.code).toBe(0);

  const [before, later, during] = await asked!;
  expect(later.batches).toBeGreaterThan(before.batches);
  expect(later.samples).toBeGreaterThan(before.samples);
  const line = lineOf('blocks.mjs', 'turns += 1');
  const place = { function: 'spinningFunction', file: 'blocks.mjs', line, count: 1 };
  expect(during).toMatchObject([{ ...place, ongoing: 1 }]);

  const after = await placesAt(collector);
  expect(after).toMatchObject([{ ...place, ongoing: 0 }]);
  expect(after[0]?.max).toBeGreaterThan(during[0]?.max ?? Number.POSITIVE_INFINITY);
}, 150_000);
