import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Changes } from '../../../src/collector/reports/changes.js';
import type { Deploy } from '../../../src/collector/reports/deploys.js';
import { type Collector, startCollector } from '../../../src/collector/start-collector.js';
import { createRandom } from '../../../src/collector/statistics/random.js';
import { DAY_MS, HOUR_MS, makeBatch, send } from '../make-batch.js';
import { normal } from '../statistics/simulated-traffic.js';

const NOW = Date.UTC(2026, 10, 23);
const DEPLOYED = NOW - 3 * DAY_MS + 10 * HOUR_MS;
const folder = mkdtempSync(join(tmpdir(), 'tacho-'));
let collector: Collector;

beforeAll(async () => {
  const random = createRandom(3);
  collector = await startCollector({
    folder,
    port: 0,
    queryThreads: 0,
    now: () => NOW,
    monotonicMs: (() => {
      let ms = 0;
      return () => {
        ms += 1000;
        return ms;
      };
    })(),
    reports: { zone: 'UTC' },
  });
  const values = (medianUs: number): number[] =>
    Array.from({ length: 40 }, () => Math.round(medianUs * Math.exp(0.3 * normal(random))));
  for (let hour = 0; hour < 13 * 24; hour++) {
    const startMs = NOW - (13 * 24 - hour) * HOUR_MS;
    const version = startMs >= DEPLOYED ? '2.0' : '1.0';
    await send(
      collector.url,
      makeBatch({
        startMs,
        version,
        boot: version,
        sequence: hour + 1,
        routes: { '/slow': values(version === '2.0' ? 160_000 : 100_000), '/same': values(80_000) },
      }),
    );
  }
});
afterAll(async () => {
  await collector.close();
  rmSync(folder, { recursive: true });
});

async function changes(query: string): Promise<Changes> {
  const response = await fetch(`${collector.url}/v1/changes?${query}`);
  expect(response.status).toBe(200);
  return (await response.json()) as Changes;
}

describe('GET /v1/changes', () => {
  it('compares with the same hours a week earlier', async () => {
    const { rows } = await changes('from=-6d');
    expect(rows.map(({ name, verdict }) => [name, verdict])).toEqual([
      ['GET /slow', 'slower'],
      ['GET /same', expect.stringMatching(/unchanged|noisy/)],
    ]);
    const [slow] = rows;
    expect(Math.abs(slow!.sinceMs! - DEPLOYED)).toBeLessThanOrEqual(2 * HOUR_MS);
    expect(slow).toMatchObject({ kind: 'route', version: '2.0', statistic: 'p95' });
    expect(slow!.effect!.ratio).toBeGreaterThan(1.5);
    expect(slow!.effect!.ratio).toBeLessThan(1.7);
  });

  it('compares two versions, and two periods one after the other', async () => {
    const versions = await changes('from=-13d&version=2.0&baseline=version:1.0');
    expect(versions.rows[0]).toMatchObject({ name: 'GET /slow', verdict: 'slower' });
    expect(versions.rows[0]!.ratio).toBeGreaterThan(1.5);
    const periods = await changes('from=-2d&baseline=previous');
    expect(periods.rows.find(({ name }) => name === 'GET /same')!.verdict).not.toBe('slower');
    const explicit = await changes(`from=-2d&baseline=${NOW - 9 * DAY_MS}`);
    expect(explicit.rows[0]).toMatchObject({ name: 'GET /slow', verdict: 'slower' });
  });

  it('says so when there is not enough', async () => {
    const { rows } = await changes('from=-3h');
    expect(rows[0]).toMatchObject({ verdict: 'not enough data', ratio: null, sinceMs: null });
    expect(rows[0]!.reason).toContain('needed');
    expect((await changes('service=nobody')).rows).toEqual([]);
  });

  it.each(['from=-40d', 'baseline=now', 'baseline=soon', 'limit=0'])(
    'refuses %s',
    async (query) => {
      expect((await fetch(`${collector.url}/v1/changes?${query}`)).status).toBe(400);
    },
  );
});

it('GET /v1/deploys lists versions by when they came', async () => {
  const response = await fetch(`${collector.url}/v1/deploys`);
  const { deploys } = (await response.json()) as { deploys: Deploy[] };
  expect(deploys).toEqual([
    { service: 'shop', version: '2.0', environment: 'test', atMs: DEPLOYED, isFirst: false },
    {
      service: 'shop',
      version: '1.0',
      environment: 'test',
      atMs: NOW - 13 * DAY_MS,
      isFirst: true,
    },
  ]);
});

describe('GET /v1/reports', () => {
  it('lists days and weeks that are over and in which something was recorded', async () => {
    const response = await fetch(`${collector.url}/v1/reports`);
    const { daily, weekly } = (await response.json()) as { daily: string[]; weekly: string[] };
    expect(daily[0]).toBe('2026-11-22');
    expect(daily).toHaveLength(13);
    expect(weekly).toEqual(['2026-W47', '2026-W46']);
  });

  it.each([
    ['html', 'text/html'],
    ['md', 'text/markdown'],
    ['text', 'text/plain'],
    ['json', 'application/json'],
  ])('gives a report as %s, under a policy that loads nothing', async (format, type) => {
    const response = await fetch(`${collector.url}/v1/reports/daily?format=${format}`);
    expect(response.headers.get('content-type')).toContain(type);
    if (format !== 'json') {
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    }
    expect(await response.text()).toContain('2026');
  });

  it.each([
    ['daily?date=2026-11-24', 400],
    ['daily?date=yesterday', 400],
    ['weekly?week=2026-W49', 400],
    ['weekly?week=2026-W54', 400],
    ['daily?format=pdf', 400],
    ['daily?date=2026-10-01', 404],
    ['weekly?week=2026-W30', 404],
  ])('answers %s with %i', async (path, status) => {
    expect((await fetch(`${collector.url}/v1/reports/${path}`)).status).toBe(status);
  });
});
