/** `tachograph alert` as people run it, against a real collector and real receivers. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readAlertSettings } from '../../src/alerts/alert-settings.js';
import { type Collector, startCollector } from '../../src/collector/start-collector.js';
import { createToken } from '../../src/collector/tokens/token-file.js';
import { resolveOptions } from '../../src/shared/resolve-options.js';
import { type HookReceiver, hookReceiver, status } from '../alerts/notify/hook-receiver.js';
import { makeBatch, send } from '../collector/make-batch.js';
import { MAIN } from '../support/collector-process.js';
import { cleanEnvironment } from '../support/run-app.js';

let folder = '';
let collector: Collector;
let nowMs = 0;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tacho-'));
  nowMs = Math.floor(Date.now() / 10_000) * 10_000 - 600_000;
  const { options } = resolveOptions({ TACHOGRAPH_ALERT_RULES: 'collector_disk=off' });
  collector = await startCollector({
    folder,
    port: 0,
    queryThreads: 0,
    now: () => nowMs,
    alerts: readAlertSettings(options).settings,
    alertsEveryMs: 3_600_000,
    log: () => {},
  });
});
afterEach(async () => {
  await collector.close();
  rmSync(folder, { recursive: true });
});

interface Said {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function alert(args: readonly string[], env: Record<string, string> = {}): Promise<Said> {
  const child = spawn(process.execPath, [MAIN, 'alert', ...args], {
    env: { ...cleanEnvironment(), TACHOGRAPH_COLLECTOR_URL: collector.url, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    said.stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    said.stderr += chunk;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...said };
}

/** Three minutes of a route that takes 3 s, whose name is not to be trusted. */
async function slowDown(): Promise<void> {
  const values = Array.from({ length: 30 }, () => 3_000_000);
  for (let sequence = 1; sequence <= 18; sequence++) {
    const routes = { '/o\u001b[31mrders': values };
    await send(collector.url, makeBatch({ startMs: nowMs, sequence, routes }));
    nowMs += 10_000;
    await collector.alerts!.clock.look();
  }
}

describe('alert list', () => {
  it('says that nothing fires', async () => {
    const { code, stdout, stderr } = await alert(['list']);
    expect([code, stdout, stderr]).toEqual([0, '', 'Nothing fires.\n']);
  });

  it('says what fired between two times', async () => {
    await slowDown();
    nowMs += 300_000;
    await collector.alerts!.clock.look();
    nowMs += 1_000_000;
    await collector.alerts!.clock.look();
    const history = ['list', '--history', '--from', '-1h'];
    expect((await alert(history)).stdout).toContain('CRITICAL response_time.critical  shop');
    const { code, stdout, stderr } = await alert([...history, '--to', '-50m']);
    expect([code, stdout, stderr]).toEqual([0, '', 'Nothing fired in this time.\n']);
  });

  it('says what fires, why, and who was told, and ends with 1', async () => {
    await slowDown();
    const { code, stdout } = await alert(['list']);
    expect(code).toBe(1);
    expect(stdout).toContain('CRITICAL response_time.critical  shop');
    expect(stdout).toContain('firing: 3 s over 2 s, since ');
    expect(stdout).toContain('GET /o·[31mrders: 180 requests, p95 3 s');
    expect(stdout).toContain('told: log delivered');
    expect(stdout).not.toContain('\u001b');
    const { stdout: json } = await alert(['list', '--format', 'json', '--service', 'other']);
    expect(JSON.parse(json)).toEqual([]);
  });
});

it('alert replay says what would have fired, and what was not replayed', async () => {
  await slowDown();
  const { code, stdout, stderr } = await alert(['replay', '--from', '-1h', '--service', 'shop']);
  expect(code).toBe(0);
  expect(stdout).toContain('CRITICAL response_time.critical  shop');
  expect(stderr).toMatch(/\d would have fired, judged every 60 s\.\n/);
  expect(stderr).toMatch(
    /^Not replayed: ledger_drops, for what was dropped is kept as a total of each process\.$/m,
  );
});

describe('alert silence', () => {
  it('holds back, is listed, and is taken back', async () => {
    const made = await alert(['silence', '--for', '2h', '--service', 'sh*', '--comment', 'move']);
    expect(made.code).toBe(0);
    const [id = ''] = made.stdout.split(' ');
    const { stdout } = await alert(['silences']);
    expect(stdout).toContain(`${id}  service=sh*, `);
    expect(stdout).toContain('move');
    await slowDown();
    expect((await alert(['list'])).stdout).toContain('silenced for');
    expect((await alert(['unsilence', id])).code).toBe(0);
    expect((await alert(['unsilence', id])).code).toBe(3);
    expect((await alert(['silences'])).stdout).toBe('');
  });

  it('takes a level in any letters, and a metric for the rules of all its levels', async () => {
    const { stdout } = await alert(['silence', '--for', '1h', '--level', 'warning']);
    expect(stdout).toContain('level=WARNING, ');
    const metric = await alert(['silence', '--for', '1h', '--rule', 'response_time']);
    expect(metric.stdout).toContain('metric=response_time, ');
    const rule = await alert(['silence', '--for', '1h', '--rule', 'cpu.info']);
    expect(rule.stdout).toContain('rule=cpu.info, ');
  });

  it('says which rule was meant by one that is none', async () => {
    const { code, stderr } = await alert(['silence', '--for', '1h', '--rule', 'respnse_time']);
    expect(code).toBe(2);
    expect(stderr).toContain('Did you mean response_time?');
  });

  it('needs the role admin where there are tokens', async () => {
    const { token: reader } = createToken(folder, 'read', 'r', Date.now());
    const { token: admin } = createToken(folder, 'admin', 'a', Date.now());
    const as = (token: string) =>
      alert(['silence', '--for', '1h'], { TACHOGRAPH_COLLECTOR_READ_TOKEN: token });
    expect(await as(reader)).toMatchObject({ code: 1, stderr: expect.stringContaining('403') });
    expect((await as(admin)).code).toBe(0);
  });

  it.each([
    [['silence']],
    [['silence', '--for', 'long']],
    [['silence', '--for', '1h', '--match', 'nothing']],
    [['silence', '--for', '1h', '--level', 'loud']],
    [['silence', '--for', '400d']],
    [['unsilence']],
    [['list', 'more']],
    [['shout']],
  ])('%j is a mistake of the command line', async (args) => {
    expect((await alert(args)).code).toBe(2);
  });
});

describe('alert test', () => {
  let receiver: HookReceiver;
  beforeEach(async () => {
    receiver = await hookReceiver();
  });
  afterEach(() => receiver.close());

  it('sends a message through each notifier, and says what became of it', async () => {
    const other = await hookReceiver();
    other.answer = status(403);
    const { code, stdout } = await alert(['test'], {
      SLACK_WEBHOOK_URL: receiver.url.href,
      TACHOGRAPH_ALERT_WEBHOOK_URL: other.url.href,
    });
    await other.close();
    expect(code).toBe(1);
    expect(stdout).toBe(
      `slack: Slack at ${receiver.url.host}: delivered\n` +
        `webhook: webhook at ${other.url.host}: not told: status 403\n`,
    );
    expect(receiver.received[0]!.body).toContain('Test of Tachograph');
  });

  it('ends with 0 when all were told', async () => {
    expect((await alert(['test'], { SLACK_WEBHOOK_URL: receiver.url.href })).code).toBe(0);
  });

  it('says what is wrong with the environment, without secrets', async () => {
    const { code, stderr } = await alert(['test'], {
      SLACK_WEBHOOK_URL: 'http://hooks.example/secret',
      TACHOGRAPH_ALERT_EMAIL_TO: 'nobody',
    });
    expect(code).toBe(3);
    expect(stderr).toContain('expected https');
    expect(stderr).toContain('TACHOGRAPH_ALERT_EMAIL_TO: expected addresses');
    expect(stderr).not.toContain('secret');
  });
});
