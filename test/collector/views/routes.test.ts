import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Collector, startCollector } from '../../../src/collector/start-collector.js';
import type { Routes } from '../../../src/collector/views/routes.js';
import { HTTP_SERVER_CACHE_READS } from '../../../src/shared/application-metrics.js';
import { makeBatch, send } from '../make-batch.js';

const NOW = Date.UTC(2026, 10, 23, 12);
const folder = mkdtempSync(join(tmpdir(), 'tacho-'));
let collector: Collector;

beforeAll(async () => {
  collector = await startCollector({ folder, port: 0, queryThreads: 0, now: () => NOW });
});
afterAll(async () => {
  await collector.close();
  rmSync(folder, { recursive: true });
});

it('a route has the reads of caches by its requests, and how many of them found something', async () => {
  const reads = (result: string, value: number) => {
    const { name, unit, scale } = HTTP_SERVER_CACHE_READS;
    const attributes = [
      ['http.request.method', 'GET'],
      ['http.route', '/a'],
      ['tachograph.cache.result', result],
    ] as const;
    return { series: { name, kind: 'counter', unit, scale, attributes } as const, value };
  };
  await send(
    collector.url,
    makeBatch({
      startMs: NOW - 20_000,
      routes: { '/a': [1000, 2000], '/b': [1000] },
      counters: [reads('hit', 3), reads('miss', 1)],
    }),
  );
  const response = await fetch(`${collector.url}/v1/routes`);
  const { routes } = (await response.json()) as Routes;
  const of = (route: string) => routes.find((row) => row.route === route);
  expect(of('/a')).toMatchObject({ cacheReadsPerRequest: 2, cacheHitRatio: 0.75 });
  expect(of('/b')).toMatchObject({ cacheReadsPerRequest: 0, cacheHitRatio: null });
});
