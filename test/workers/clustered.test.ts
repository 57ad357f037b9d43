/**
 * A real node:cluster of two workers: what is told of it by the agents themselves, and by a collector, which takes all of
 * them for one service in its alerts and in the weekly review.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readAlertSettings } from '../../src/alerts/alert-settings.js';
import { startCollector } from '../../src/collector/start-collector.js';
import { resolveOptions } from '../../src/shared/resolve-options.js';
import { type HookReceiver, hookReceiver } from '../alerts/notify/hook-receiver.js';
import { makeFolder, PATIENT, runApp } from '../support/run-app.js';

const REQUESTS = 120;
const WEEK_MS = 7 * 86_400_000;
const LOOK_MS = 500;

let receiver: HookReceiver;
let folder: ReturnType<typeof makeFolder>;
let alertEnv: Record<string, string>;
beforeEach(async () => {
  receiver = await hookReceiver();
  folder = makeFolder();
  const rules = join(folder.path, 'rules.json');
  const fast = { for: '0s', samplesMin: 1 };
  const off = { error_rate: false, cpu: false, collector_disk: false };
  const host = { 'memory.info': { threshold: '0.1%', for: '0s' } };
  const judged = { 'response_time.critical': { threshold: '10ms', ...fast }, ...off, ...host };
  writeFileSync(rules, JSON.stringify({ rules: judged }));
  alertEnv = {
    SLACK_WEBHOOK_URL: receiver.url.href,
    TACHOGRAPH_ALERT_SLACK_LEVEL: 'INFO',
    TACHOGRAPH_ALERT_RULES_FILE: rules,
  };
});
afterEach(async () => {
  await receiver.close();
  folder.remove();
});

/** @returns how many requests each worker answered */
async function runCluster(env: Record<string, string>): Promise<number[]> {
  const { code, stdout, stderr } = await runApp('clustered.mjs', {
    folder: folder.path,
    args: [String(REQUESTS)],
    env: {
      ...PATIENT,
      TACHOGRAPH_SERVICE: 'shop',
      TACHOGRAPH_WINDOW: '1s',
      TACHOGRAPH_SPOOL_DIR: join(folder.path, 'spool'),
      ...env,
    },
    timeoutMs: 120_000,
  });
  expect([code, stderr]).toEqual([0, '']);
  const answered = JSON.parse(stdout) as number[];
  // Both have something to tell.
  expect(Math.min(...answered)).toBeGreaterThan(0);
  return answered;
}

const titles = (start: string): string[] =>
  receiver.received
    .flatMap(({ body }) =>
      JSON.parse(body).attachments.map(({ title }: { title: string }) => title as string),
    )
    .filter((title) => title.startsWith(start));

async function get(url: string): Promise<unknown> {
  const response = await fetch(url);
  expect(response.status).toBe(200);
  return await response.json();
}

describe('a cluster of two workers', () => {
  it('without a collector tells of each worker once, and of the host once in all', async () => {
    await runCluster(alertEnv);
    expect(titles('CRITICAL: response_time of shop')).toHaveLength(2);
    expect(titles('INFO: memory of')).toHaveLength(1);
  });

  it('with a collector is one service: told once, and counted together in its week', async () => {
    const { options } = resolveOptions(alertEnv);
    const { settings, problems } = readAlertSettings(options);
    expect(problems).toEqual([]);
    const data = join(folder.path, 'data');
    const parts = { folder: data, port: 0, queryThreads: 0, log: () => {} };
    const collector = await startCollector({ ...parts, alerts: settings, alertsEveryMs: LOOK_MS });
    let answered: number[] = [];
    try {
      answered = await runCluster({ TACHOGRAPH_URL: collector.url, ...alertEnv });
      await collector.alerts!.clock.look();
      await expect
        .poll(() => titles('CRITICAL: response_time of shop').length, { timeout: 20_000 })
        .toBe(1);
    } finally {
      await collector.close();
    }
    expect(titles('CRITICAL: response_time of shop')).toHaveLength(1);
    const now = (): number => Date.now() + WEEK_MS;
    const later = await startCollector({ ...parts, now, reports: { zone: 'UTC' } });
    try {
      const { weekly } = (await get(`${later.url}/v1/reports`)) as { weekly: readonly string[] };
      const review = await get(`${later.url}/v1/reports/weekly?week=${weekly[0]}&format=json`);
      expect(answered.reduce((sum, one) => sum + one, 0)).toBe(REQUESTS);
      expect(review).toMatchObject({
        quality: { services: ['shop'], processes: 3, dropped: 0, isBalanced: true },
        headline: { now: { requests: REQUESTS } },
        appeared: [{ name: 'GET /slow', calls: REQUESTS }],
      });
    } finally {
      await later.close();
    }
  });
});
