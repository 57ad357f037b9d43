/**
 * A real Alertmanager behind a line that fails: it has every alert, resolves every one, and tells its own receiver,
 * which is the witness, each once.
 */
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type StartedService, startService } from '../../../scripts/services.js';
import { readAlertSettings } from '../../../src/alerts/alert-settings.js';
import { type Alerts, step } from '../../../src/alerts/engine.js';
import { type AlertJournal, NOTHING_SAVED } from '../../../src/alerts/journal.js';
import { createNotifiers } from '../../../src/alerts/notify/create-notifiers.js';
import { Outbox } from '../../../src/alerts/outbox.js';
import { type Paces, planNotifications } from '../../../src/alerts/plan-notifications.js';
import type { Sample } from '../../../src/alerts/sample.js';
import { openSqlJournal } from '../../../src/collector/alerts/sql-journal.js';
import { loadSqlDriver } from '../../../src/collector/store/sql-driver.js';
import { resolveOptions } from '../../../src/shared/resolve-options.js';
import { httpAnswer } from '../../support/fault-proxy/fault.js';
import { FaultProxy } from '../../support/fault-proxy/fault-proxy.js';
import { makeRule, makeSample } from '../make-rule.js';
import { type HookReceiver, hookReceiver } from './hook-receiver.js';

const openSql = await loadSqlDriver();
const folder = mkdtempSync(join(tmpdir(), 'tacho-'));
const RULES = [makeRule({ forMs: 0, clearForMs: 0 })];
/** Behind its clock by less than the five minutes after which it would take a firing alert for resolved. */
const startMs = Date.now() - 180_000;
let nowMs = startMs;
let service: StartedService;
let witness: HookReceiver;
let proxy: FaultProxy;
let journal: AlertJournal;

beforeAll(async () => {
  // Alertmanager runs as a user of its own.
  chmodSync(folder, 0o755);
  service = await startService('alertmanager', { dir: folder });
  witness = await hookReceiver();
  proxy = await FaultProxy.start({ target: Number(new URL(service.url).port) });
  journal = openSqlJournal(openSql, folder, () => nowMs);
  const own = readdirSync(folder).find((name) => name.startsWith('tachograph-alertmanager-'))!;
  writeFileSync(
    join(folder, own, 'alertmanager.yml'),
    [
      'route: {receiver: witness, group_by: [alertname, service], group_wait: 0s, group_interval: 1s, repeat_interval: 4h}',
      `receivers: [{name: witness, webhook_configs: [{url: "${witness.url.href}", send_resolved: true}]}]`,
    ].join('\n'),
  );
  const reload = await fetch(`${service.url}/-/reload`, { method: 'POST' });
  expect(reload.status).toBe(200);
}, 300_000);
afterAll(async () => {
  journal.close();
  await proxy.close();
  await service.stop();
  await witness.close();
  rmSync(folder, { recursive: true });
});

interface Told {
  readonly status: string;
  readonly labels: Readonly<Record<string, string>>;
}
const told = (): Told[] =>
  witness.received.flatMap(({ body }) => JSON.parse(body).alerts as Told[]);
const toldStates = (): string[] =>
  [...new Set(told().map(({ status, labels }) => `${labels.service} ${status}`))].sort();

it('is told all that fires and all that ends, over a line that fails', async () => {
  const { options } = resolveOptions({ TACHOGRAPH_ALERTMANAGER_URL: proxy.url });
  const { settings } = readAlertSettings(options);
  const { notifiers, plans } = createNotifiers({
    settings,
    link: 'http://tacho.example/',
    nowMs: () => nowMs,
    write: undefined,
  });
  const log: string[] = [];
  const parts = { journal, notifiers, nowMs: () => nowMs, random: Math.random };
  const outbox = new Outbox({ ...parts, log: (line) => log.push(line) });
  let alerts: Alerts = new Map();
  let paces: Paces = {};
  const look = async (values: readonly number[]): Promise<void> => {
    const samples = values.map(
      (value, i): Sample =>
        makeSample(value, nowMs, { service: `s${i}`, attributes: { 'http.route': '/<a>"&' } }),
    );
    const stepped = step(alerts, samples, { rules: RULES, nowMs });
    const plan = planNotifications({
      ...stepped,
      notifiers: plans,
      silences: [],
      maintenance: [],
      paces,
      waiting: journal.waitingKeys(),
      nowMs,
    });
    journal.commit({ ...NOTHING_SAVED, ...plan, ended: stepped.ended });
    ({ alerts, paces } = plan);
    await outbox.deliver();
  };
  const faults = [
    { kind: 'refuse' },
    { kind: 'answer', text: httpAnswer(503) },
    { kind: 'reset', direction: 'down', afterBytes: 0 },
    { kind: 'answer', text: httpAnswer(429, { 'retry-after': '2' }) },
    { kind: 'none' },
  ] as const;
  const all = Array.from({ length: 8 }, () => 500);
  for (const fault of faults) {
    proxy.set(fault);
    await look(all);
    nowMs += 10_000;
  }
  for (; journal.waitingKeys().size > 0; nowMs += 5000) await outbox.deliver();
  const services = all.map((_, i) => `s${i}`);
  await expect
    .poll(toldStates, { timeout: 20_000 })
    .toEqual(services.map((name) => `${name} firing`));
  const active = (await (await fetch(`${service.url}/api/v2/alerts`)).json()) as Told[];
  expect(active.map(({ labels }) => labels.service).sort()).toEqual(services);
  expect(active[0]!.labels).toMatchObject({
    alertname: 'response_time.critical',
    severity: 'critical',
    http_route: '/<a>"&',
  });

  for (const fault of faults) {
    proxy.set(fault);
    await look(all.map((_, i) => (i < 4 ? 10 : 500)));
    nowMs += 10_000;
  }
  for (; journal.waitingKeys().size > 0; nowMs += 5000) await outbox.deliver();
  await expect
    .poll(toldStates, { timeout: 20_000 })
    .toEqual(
      services.flatMap((name, i) =>
        i < 4 ? [`${name} firing`, `${name} resolved`] : [`${name} firing`],
      ),
    );
  // Each once, though many came to Alertmanager more than once.
  expect(told().filter(({ status }) => status === 'resolved')).toHaveLength(4);
  expect(told().filter(({ status }) => status === 'firing')).toHaveLength(8);
  await Promise.all(notifiers.map((notifier) => notifier.close()));
}, 120_000);
