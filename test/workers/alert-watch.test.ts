/** A real application whose agent evaluates by itself: it has a notifier, and no bundled collector. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DEFAULT_SETTINGS } from '../../src/shared/budget-settings.js';
import { resolveOptions } from '../../src/shared/resolve-options.js';
import { type Network, networkOf } from '../../src/transport/network.js';
import { openAlertWatch } from '../../src/workers/alert-watch.js';
import { type HookReceiver, hookReceiver, ok, status } from '../alerts/notify/hook-receiver.js';
import { makeFolder, PATIENT, type Run, runApp } from '../support/run-app.js';

let receiver: HookReceiver;
let folder: ReturnType<typeof makeFolder>;
beforeEach(async () => {
  receiver = await hookReceiver();
  folder = makeFolder();
});
afterEach(async () => {
  await receiver.close();
  folder.remove();
});

/** An application of 20 ms a request, under rules that fire at once. */
async function run(env: Record<string, string> = {}, more: object = {}): Promise<Run> {
  const rules = join(folder.path, 'rules.json');
  const fast = { for: '0s', samplesMin: 1 };
  writeFileSync(
    rules,
    JSON.stringify({
      rules: {
        'response_time.critical': { threshold: '10ms', ...fast },
        view_response_time: { threshold: '15ms', ...fast },
        error_rate: false,
        cpu: false,
        memory: false,
        ...more,
      },
    }),
  );
  return await runApp('breaching.mjs', {
    folder: folder.path,
    args: ['200', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'],
    env: {
      ...PATIENT,
      SLACK_WEBHOOK_URL: receiver.url.href,
      TACHOGRAPH_SERVICE: 'shop',
      TACHOGRAPH_WINDOW: '1s',
      TACHOGRAPH_ALERT_RULES_FILE: rules,
      TACHOGRAPH_SPOOL_DIR: join(folder.path, 'spool'),
      ...env,
    },
  });
}
/** Of messages, from one on. */
const titles = (from = 0): string[] =>
  receiver.received
    .slice(from)
    .flatMap(({ body }) =>
      JSON.parse(body).attachments.map(({ title }: { title: string }) => title),
    );
const critical = (from = 0): string[] =>
  titles(from).filter((title) => title === 'CRITICAL: response_time of shop');

describe('an agent with a notifier and no bundled collector', () => {
  it('tells by itself, once, and the application sees nothing of it', async () => {
    const { code, stdout, stderr } = await run();
    expect([code, stdout, stderr]).toEqual([0, '', '']);
    expect(critical()).toHaveLength(1);
    expect(titles()).toContain('WARNING: view_response_time of shop · GET · /slow/:id');
    expect(new Set(titles()).size).toBe(titles().length);
    expect(receiver.received.map(({ body }) => body).join()).not.toContain('planted');
  });

  it('tells what it could not tell in its next life, and what it told not again', async () => {
    receiver.answer = status(503);
    const { stderr } = await run();
    expect(stderr).toContain('TACHO_ALERT_UNTOLD');
    expect(stderr).not.toContain('secret-part');
    const tries = receiver.received.length;
    expect(tries).toBeGreaterThan(0);
    receiver.answer = ok;
    await run();
    expect(critical(tries)).toHaveLength(1);
    const before = receiver.received.length;
    await run();
    expect(critical(before)).toEqual([]);
  });
});

describe('records that are lost', () => {
  it('on the way to a destination are told as those that no ring held', async () => {
    const refusing = await hookReceiver();
    refusing.answer = status(400);
    try {
      const url = new URL('/', refusing.url).href;
      await run({ TACHOGRAPH_ALERTS: 'on', TACHOGRAPH_URL: url });
    } finally {
      await refusing.close();
    }
    expect(titles()).toContain('WARNING: ledger_drops of shop');
  });
});

describe('two processes of one service', () => {
  const host = { 'memory.info': { threshold: '0.1%', for: '0s' } };
  const ofHost = (from = 0): string[] =>
    titles(from).filter((title) => title.startsWith('INFO: memory of'));

  it('tell each what is its own, and one of them what is of the host', async () => {
    const env = { TACHOGRAPH_ALERT_SLACK_LEVEL: 'INFO' };
    await Promise.all([run(env, host), run(env, host)]);
    expect(critical()).toHaveLength(2);
    expect(ofHost()).toHaveLength(1);
    const before = receiver.received.length;
    await Promise.all([run(env, host), run(env, host)]);
    expect([critical(before), ofHost(before)]).toEqual([[], []]);
  });

  it('lose no message of each other', async () => {
    receiver.answer = status(503);
    await Promise.all([run(), run()]);
    const tries = receiver.received.length;
    receiver.answer = ok;
    await Promise.all([run(), run()]);
    expect(critical(tries)).toHaveLength(2);
  });
});

describe('an agent', () => {
  it.each([
    ['that has a bundled collector', { TACHOGRAPH_URL: 'http://127.0.0.1:9' }],
    ['whose alerts are off', { TACHOGRAPH_ALERTS: 'off' }],
  ])('%s tells nobody', async (_what, env) => {
    await run(env);
    expect(receiver.received).toEqual([]);
    const spool = join(folder.path, 'spool');
    const left = existsSync(spool) ? readdirSync(spool) : [];
    expect(left.filter((name) => name.startsWith('alerts-'))).toEqual([]);
  });
});

describe('the folder of alerts', () => {
  it('is not used where it leads elsewhere: whoever laid it there would read them, and have others told', async () => {
    const [spool, elsewhere] = [join(folder.path, 'spool'), join(folder.path, 'elsewhere')];
    for (const path of [spool, elsewhere]) mkdirSync(path, { mode: 0o700 });
    const service = createHash('sha256').update('shop').digest('hex').slice(0, 16);
    symlinkSync(elsewhere, join(spool, `alerts-${service}`));
    await run();
    expect(critical()).toHaveLength(1);
    expect(readdirSync(elsewhere)).toEqual([]);
  });
});

it('looks up its notifiers by the gate of the worker’s destinations: two would hold up the application’s look-ups', async () => {
  const asked: Parameters<Network['gate']>[] = [];
  const network: Network = { ...networkOf(), gate: (...ask) => void asked.push(ask) };
  const { options } = resolveOptions({
    SLACK_WEBHOOK_URL: 'https://hooks.example/services/1',
    TACHOGRAPH_URL: `file://${folder.path}/out.ndjson`,
    TACHOGRAPH_SPOOL_DIR: join(folder.path, 'spool'),
  });
  const watch = openAlertWatch({
    ...{ options, network, budgets: DEFAULT_SETTINGS },
    resource: [['service.name', 'shop']],
    ...{ boot: 'b', dropped: 0, onTrouble: () => undefined },
  });
  const closedMs = Date.now();
  watch?.see(
    {
      identity: { agent: 'host:1', boot: 'b', sequence: 1 },
      ...{ resource: [], startMs: closedMs - 1000, durationMs: 1000, closedMs, records: 0 },
      ...{ histograms: [], counters: [], gauges: [], events: [] },
      ledger: { recorded: 5, dropped: { ring_full: 5 }, outside: 0 },
    },
    0,
  );
  await vi.waitFor(() => expect(asked).toHaveLength(1), { timeout: 20_000 });
});
