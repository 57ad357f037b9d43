import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Collector, startCollector } from '../../src/collector/start-collector.js';
import { durationSeries, histogramOf, makeBatch, send } from '../collector/make-batch.js';

/** Built by `npm run build`. */
const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

let folder = '';
let collector: Collector;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tacho-'));
  collector = await startCollector({ folder, port: 0, queryThreads: 0 });
});

afterAll(async () => {
  await collector.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function tachograph(...args: string[]): Promise<Outcome> {
  const env = { ...process.env, NO_COLOR: '1' };
  const child = spawn(process.execPath, [MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env,
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    stderr += String(chunk);
  });
  return new Promise((resolve) => {
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

describe('tachograph top', () => {
  it('ends with 3 and says how to begin when there is no data', async () => {
    const { code, stdout, stderr } = await tachograph('top', '--once', '--url', collector.url);
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toContain('No service has sent anything');
    expect(stderr).toContain('node --import tachograph app.js');
  });

  it('ends with 3 and says how to start one when no collector answers', async () => {
    const { code, stderr } = await tachograph('top', '--once', '--url', 'http://127.0.0.1:1');
    expect(code).toBe(3);
    expect(stderr).toContain('Start one: tachograph collector');
  });

  it('prints one view where it is no terminal, without escapes', async () => {
    const values = Array.from({ length: 40 }, (_, i) => 1000 * (i + 1));
    const series = (route: string, status: string, error?: string) =>
      durationSeries([
        ...(error === undefined ? [] : [['error.type', error] as const]),
        ['http.request.method', 'GET'],
        ['http.response.status_class', status],
        ['http.route', route],
      ]);
    const batch = makeBatch({
      startMs: Math.floor(Date.now() / 10_000) * 10_000 - 20_000,
      histograms: [
        histogramOf(series('/orders', '2xx'), values),
        histogramOf(series('/orders', '5xx'), values.slice(0, 9)),
        histogramOf(series('/orders', '2xx', 'aborted'), values.slice(0, 1)),
      ],
    });
    expect((await send(collector.url, batch)).status).toBe(200);
    const { code, stdout } = await tachograph('top', '--url', collector.url);
    expect(code).toBe(0);
    expect(stdout).not.toContain('\x1b');
    expect(stdout).toMatch(/GET \/orders +50 +5 .* 18 % +1 +/);
  });

  it('prints JSON', async () => {
    const { code, stdout } = await tachograph(
      'top',
      '--once',
      '--format',
      'json',
      '--url',
      collector.url,
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      services: [{ name: 'shop' }],
      routes: [{ method: 'GET', route: '/orders', calls: 50, aborted: 1, errorRatio: 0.18 }],
    });
  });

  it('ends with 3 for a service that has sent nothing', async () => {
    const { code, stderr } = await tachograph(
      'top',
      '--once',
      '--service',
      'x',
      '--url',
      collector.url,
    );
    expect([code, stderr.includes('No service named "x"')]).toEqual([3, true]);
  });

  it.each([
    [['top', '--interval', '1']],
    [['top', '--format', 'xml']],
    [['top', '--url', 'not a url']],
    [['top', '--range', '1s']],
    [['top', '--bogus']],
    [['tpo']],
  ])('ends with 2 for %j', async (args) => {
    const { code, stdout, stderr } = await tachograph(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('Try: tachograph');
  });

  it('tells its options with --help', async () => {
    const { code, stdout } = await tachograph('top', '--help');
    expect([code, stdout.includes('--interval')]).toEqual([0, true]);
    expect((await tachograph('--help')).stdout).toContain('collector');
    expect((await tachograph('--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
