/** `npm run demo`: what it proves at its end, and that it leaves nothing behind. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareCounts } from '../../scripts/demo/compare-counts.js';
import { countsReport, ledgerReport } from '../../scripts/demo/verdict.js';
import { SERVICES } from '../../scripts/services.js';
import { ROOT } from './source-files.js';

const group = (
  method: string,
  route: string,
  outcome: string,
  count: number,
): { attributes: Record<string, string>; total: { count: number } } => ({
  attributes: {
    'http.request.method': method,
    'http.route': route,
    'http.response.status_class': outcome,
  },
  total: { count },
});

describe('the comparison of counts', () => {
  const sent = [
    { method: 'GET', route: '/orders', status: 200, count: 7 },
    { method: 'GET', route: '/orders', status: 204, count: 1 },
    { method: 'GET', route: '/orders', status: 500, count: 2 },
    { method: 'GET', route: '/assets/*', status: 200, count: 3 },
    { method: 'GET', route: '(no route)', status: 404, count: 4 },
  ];
  const recorded = [
    group('GET', '/orders', '2xx', 8),
    group('GET', '/orders', '5xx', 2),
    group('GET', '(middleware)', '2xx', 3),
    group('GET', '(unmatched)', '4xx', 4),
  ];

  it('is satisfied when each request was recorded once, whatever its status', () => {
    expect(countsReport(compareCounts(sent, recorded)).problems).toEqual([]);
  });

  it.each([
    ['lost', [...recorded.slice(1), group('GET', '/orders', '2xx', 7)], '8 sent, 7 recorded'],
    ['twice', [...recorded, group('GET', '/orders', '5xx', 1)], '2 sent, 3 recorded'],
    ['made up', [...recorded, group('GET', '/else', '2xx', 1)], '0 sent, 1 recorded'],
  ])('finds a request that was %s', (_what, found, words) => {
    const { problems, text } = countsReport(compareCounts(sent, found));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(words);
    expect(text).toContain('≠');
  });

  it('is not satisfied by nothing', () => {
    expect(countsReport(compareCounts([], [])).problems).toEqual(['no request was sent']);
  });
});

describe('the ledgers', () => {
  const account = {
    agent: 'host:1',
    service: 'erp',
    recorded: 10,
    received: 10,
    pending: 0,
    dropped: {},
    balanced: true,
    unaccounted: 0,
  };
  it('are good when everything was received', () => {
    expect(ledgerReport([account]).problems).toEqual([]);
  });
  it.each([
    ['there is none', []],
    ['one does not balance', [account, { ...account, balanced: false, unaccounted: 3 }]],
    ['something was dropped', [{ ...account, received: 9, dropped: { 'ring-full': 1 } }]],
  ])('are bad when %s', (_what, processes) => {
    expect(ledgerReport(processes).problems).toHaveLength(1);
  });
});

/** Empty when it has ended meanwhile. */
function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/** It starts a PostgreSQL and fills it, which a busy machine takes its time for. */
const DEMO_MS_MAX = 240_000;

// Without PostgreSQL nothing can be shown; where CI is set, that is a failure like any other.
const hasPostgres =
  process.env.CI !== undefined ||
  process.env[SERVICES.postgres!.urlVariable] !== undefined ||
  SERVICES.postgres!.find() !== undefined;

describe.skipIf(!hasPostgres)('the demo', { timeout: DEMO_MS_MAX }, () => {
  // One that is killed cannot remove its own.
  let place: string;
  beforeAll(() => {
    place = mkdtempSync(join(tmpdir(), 'tachograph-demo-test-'));
    // Its PostgreSQL, a user of its own, removes its folder there.
    chmodSync(place, 0o1777);
  });
  afterAll(() => rmSync(place, { recursive: true, maxRetries: 10, retryDelay: 100 }));
  const start = (...args: string[]): ChildProcess => {
    const { NODE_OPTIONS: _, ...env } = process.env;
    return spawn(process.execPath, [join(ROOT, 'scripts/demo.js'), '--scale', '0.05', ...args], {
      env: { ...env, TMPDIR: place },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  };
  const outputOf = (child: ChildProcess): (() => string) => {
    let output = '';
    child.stdout!.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr!.on('data', (chunk) => {
      output += chunk;
    });
    return () => output;
  };
  const until = async (what: () => boolean): Promise<void> => {
    while (!what()) await delay(50);
  };
  /** Pids of what the demo's output says it started, and of their children. */
  const left = (word: string): string[] =>
    readdirSync('/proc').filter((pid) => {
      try {
        return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(word);
      } catch {
        return false;
      }
    });
  /** Of those, who runs `script`. */
  const running = (word: string, script: string): number[] =>
    left(word)
      .filter((pid) => commandOf(pid).includes(script))
      .map(Number);

  it('records every request, balances every ledger and leaves nothing behind', async () => {
    const child = start('--for', '5s', '--users', '4');
    const output = outputOf(child);
    const [code] = await once(child, 'close');
    expect(output()).toContain('each recorded, nothing dropped, every ledger balances.');
    expect(output()).toContain('Event loop');
    expect(code).toBe(0);
    expect(left(`TACHOGRAPH_TEST_DEMO_PID=${child.pid}`)).toEqual([]);
  });

  it('ends in order at Ctrl-C, with the same proof', async () => {
    const child = start();
    const output = outputOf(child);
    await until(() => / [1-9]\d* requests sent/.test(output()));
    child.kill('SIGINT');
    const [code] = await once(child, 'close');
    expect(output()).toContain('each recorded, nothing dropped, every ledger balances.');
    expect(code).toBe(0);
    expect(left(`TACHOGRAPH_TEST_DEMO_PID=${child.pid}`)).toEqual([]);
  });

  it('waits for its proof where the collector answers late', async () => {
    const child = start();
    const output = outputOf(child);
    await until(() => / [1-9]\d* requests sent/.test(output()));
    const mark = `TACHOGRAPH_TEST_DEMO_PID=${child.pid}`;
    const [collector] = running(mark, 'cli/main.js');
    child.kill('SIGINT');
    await until(() => running(mark, 'erp/app.js').length === 0);
    process.kill(collector!, 'SIGSTOP');
    // Longer than a command waits for an answer.
    await delay(12_000);
    process.kill(collector!, 'SIGCONT');
    const [code] = await once(child, 'close');
    expect(output()).toContain('each recorded, nothing dropped, every ledger balances.');
    expect(code).toBe(0);
  });

  it('leaves nothing behind when it is killed', async () => {
    const child = start();
    const output = outputOf(child);
    await until(() => output().includes('ERP at '));
    const mark = `TACHOGRAPH_TEST_DEMO_PID=${child.pid}`;
    expect(left(mark).length).toBeGreaterThan(0);
    child.kill('SIGKILL');
    await until(() => left(mark).length === 0);
  });

  it('fails when the application does', async () => {
    const child = start();
    const output = outputOf(child);
    await until(() => output().includes('ERP at '));
    const [pid] = running(`TACHOGRAPH_TEST_DEMO_PID=${child.pid}`, 'erp/app.js');
    process.kill(pid!, 'SIGKILL');
    const [code] = await once(child, 'close');
    expect(code).toBe(1);
    expect(left(`TACHOGRAPH_TEST_DEMO_PID=${child.pid}`)).toEqual([]);
  });
});
