/** Alerts of a collector as a whole: real batches in, real hooks out, and the API. The clock is set by the test. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readAlertSettings } from '../../../src/alerts/alert-settings.js';
import {
  type Collector,
  type CollectorOptions,
  startCollector,
} from '../../../src/collector/start-collector.js';
import {
  OPERATION_DURATION,
  TEMPLATE_RENDER_DURATION,
} from '../../../src/shared/application-metrics.js';
import { PROCESS_CPU_UTILIZATION, SYSTEM_MEMORY_UTILIZATION } from '../../../src/shared/metrics.js';
import { resolveOptions } from '../../../src/shared/resolve-options.js';
import { type HookReceiver, hookReceiver } from '../../alerts/notify/hook-receiver.js';
import { durationSeries, histogramOf, makeBatch, send } from '../make-batch.js';

const T0 = Date.UTC(2026, 10, 23, 12);
let folder = '';
let nowMs = T0;
let collector: Collector;
let receiver: HookReceiver;
let sequence = 0;
const lines: string[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tacho-'));
  receiver = await hookReceiver();
  nowMs = T0;
  sequence = 0;
  lines.length = 0;
  await start();
});
afterEach(async () => {
  await collector.close();
  await receiver.close();
  rmSync(folder, { recursive: true });
});

async function start(
  env: Record<string, string> = {},
  more: Partial<CollectorOptions> = {},
): Promise<void> {
  const { options } = resolveOptions({
    TACHOGRAPH_ALERT_SLACK_URL: receiver.url.href,
    TACHOGRAPH_ALERT_RULES: 'collector_disk=off',
    ...env,
  });
  const { settings, problems } = readAlertSettings(options);
  expect(problems).toEqual([]);
  collector = await startCollector({
    folder,
    port: 0,
    queryThreads: 0,
    now: () => nowMs,
    alerts: settings,
    alertsEveryMs: 3_600_000,
    log: (line) => lines.push(line),
    ...more,
  });
}

type Batch = Parameters<typeof makeBatch>[0];

/** Seconds of windows of 10 s, with a look at the end of each. */
async function live(seconds: number, parts: Omit<Batch, 'startMs'>): Promise<void> {
  for (let i = 0; i < seconds / 10; i++) {
    const batch = makeBatch({ ...parts, startMs: nowMs, sequence: ++sequence, records: 0 });
    let response = await send(collector.url, batch);
    while (response.status === 429) {
      // Hours pass here in seconds; what the collector says of its limit is kept as an agent keeps it.
      await setTimeout(Number(response.headers.get('retry-after')) * 1000);
      response = await send(collector.url, batch);
    }
    expect(response.status).toBe(200);
    nowMs += 10_000;
    await collector.alerts!.clock.look();
  }
}
interface Listing {
  readonly alerts: readonly {
    readonly rule: string;
    readonly metric: string;
    readonly why: string;
  }[];
  readonly silences: unknown;
  readonly leftOut: readonly { readonly metric: string; readonly why: string }[];
  readonly stepMs: number;
}
const get = async (path: string): Promise<Listing> =>
  (await (await fetch(`${collector.url}${path}`)).json()) as Listing;
/** Rules that would have fired between then and now. */
const replayed = async (fromMs = T0): Promise<string[]> => {
  const { alerts } = await get(`/v1/alerts/replay?from=${fromMs}&to=${nowMs}`);
  return alerts.map(({ rule }) => rule);
};
const titles = (): string[] =>
  receiver.received.flatMap(({ body }) =>
    JSON.parse(body).attachments.map(({ title }: { title: string }) => title),
  );

const SLOW = { routes: { '/orders': Array.from({ length: 30 }, () => 3_000_000) } };
const FAST = { routes: { '/orders': Array.from({ length: 30 }, () => 5_000) } };

describe('a service that gets slow', () => {
  it('is told once, with the reason, and told again when it is well', async () => {
    await live(180, SLOW);
    const { alerts } = await get('/v1/alerts?service=shop');
    expect(alerts[0]).toMatchObject({
      rule: 'response_time.critical',
      level: 'CRITICAL',
      state: 'firing',
      unit: 'ms',
      threshold: 2000,
      service: 'shop',
      attributes: {},
      silencedUntilMs: null,
      notifications: [
        { notifier: 'log', state: 'delivered' },
        { notifier: 'slack', state: 'delivered' },
      ],
    });
    expect(alerts[0]?.why).toContain('GET /orders: 180 requests, p95 3 s');
    await live(400, FAST);
    expect(titles()).toEqual([
      'CRITICAL: response_time of shop',
      expect.stringContaining('WARNING: view_'),
      'Resolved: response_time of shop',
      expect.stringContaining('Resolved: view_'),
    ]);
    expect((await get('/v1/alerts?service=shop')).alerts).toEqual([]);
    const { alerts: past } = await get('/v1/alerts/history?from=-1d');
    expect(past[0]).toMatchObject({ service: 'shop', endReason: 'cleared' });
    expect(past.map(({ rule }) => rule)).toContain('response_time.critical');
    expect(lines.filter((line) => line.includes('CRITICAL'))).toHaveLength(1);
  });

  it('is not told by what arrives after an outage of its own', async () => {
    await live(60, FAST);
    const outageMs = nowMs;
    nowMs += 1_800_000;
    for (let startMs = outageMs; startMs < nowMs - 60_000; startMs += 10_000) {
      await send(
        collector.url,
        makeBatch({
          ...SLOW,
          startMs,
          sequence: ++sequence,
          records: 0,
          closedMs: startMs + 10_000,
        }),
      );
    }
    await live(180, FAST);
    expect(titles()).toEqual([]);
  });

  it('stays told over a restart of the collector, and is resolved by the next', async () => {
    await live(180, SLOW);
    const before = titles().length;
    await collector.close();
    nowMs += 60_000;
    await start();
    await live(60, SLOW);
    expect(titles()).toHaveLength(before);
    await live(400, FAST);
    expect(titles()).toContain('Resolved: response_time of shop');
  });
});

it('a service that sends a window a minute is told as well', async () => {
  // Looks are a second before a window comes and nine after it.
  for (let minute = 0; minute < 4; minute++) {
    const startMs = nowMs;
    const batch = makeBatch({ ...SLOW, startMs, sequence: ++sequence, records: 0 });
    nowMs = startMs + 61_000;
    await collector.alerts!.clock.look();
    nowMs += 1000;
    const closedMs = startMs + 60_000;
    expect((await send(collector.url, { ...batch, durationMs: 60_000, closedMs })).status).toBe(
      200,
    );
    for (let look = 1; look < 6; look++) {
      nowMs = startMs + 61_000 + look * 10_000;
      await collector.alerts!.clock.look();
    }
    nowMs = startMs + 60_000;
  }
  expect(titles()).toContain('CRITICAL: response_time of shop');
  const { alerts } = await get('/v1/alerts?service=shop');
  expect(alerts[0]?.why).toContain('GET /orders: 30 requests, p95 3 s');
});

describe('errors', () => {
  const failing = (share: number): Partial<Batch> => {
    const count = 200;
    const values = (n: number): number[] => Array.from({ length: n }, () => 5000);
    const of = (status: string, n: number) =>
      histogramOf(
        durationSeries([
          ['http.request.method', 'GET'],
          ['http.route', '/pay'],
          ['http.response.status_class', status],
        ]),
        values(n),
      );
    return { histograms: [of('2xx', count * (1 - share)), of('5xx', count * share)] };
  };
  it('are told by their rate, and by how fast they burn the budget', async () => {
    await live(300, failing(0.5));
    expect(titles()).toEqual(
      expect.arrayContaining(['CRITICAL: error_budget_1h of shop', 'CRITICAL: error_rate of shop']),
    );
    const { alerts } = await get('/v1/alerts');
    const rate = alerts.find(({ rule }) => rule === 'error_rate.critical');
    expect(rate).toMatchObject({ value: 50, unit: '%' });
    expect(rate?.why).toContain('GET /pay: 1200 requests, p95 5 ms, 600 failed');
    expect(await replayed()).toEqual(
      expect.arrayContaining(['error_budget_1h.critical', 'error_budget_6h.warning']),
    );
  });
});

describe('every budget', () => {
  it('is a warning for each of its groups, by the limits of the service', async () => {
    const { name, unit, scale } = TEMPLATE_RENDER_DURATION;
    const of = (template: string, us: number) =>
      histogramOf(
        {
          name,
          kind: 'histogram',
          unit,
          scale,
          attributes: [['tachograph.template.name', template]],
        },
        Array.from({ length: 30 }, () => us),
      );
    await live(180, { histograms: [of('slow.ejs', 90_000), of('fast.ejs', 1000)] });
    const { alerts } = await get('/v1/alerts');
    expect(alerts).toMatchObject([
      {
        rule: 'template_rendering.warning',
        level: 'WARNING',
        threshold: 50,
        attributes: { 'tachograph.template.name': 'slow.ejs' },
      },
    ]);
  });
});

function gauge(
  { name, unit, scale }: typeof PROCESS_CPU_UTILIZATION,
  share: number,
): Partial<Batch> {
  const value = Math.round(share * scale);
  const series = { name, kind: 'gauge', unit, scale, attributes: [] } as const;
  return { gauges: [{ series, count: 1, sum: value, min: value, max: value, last: value }] };
}

describe('a process', () => {
  it('that breaks a budget is told by its name, not by the number of its start alone', async () => {
    await live(180, {
      ...gauge(PROCESS_CPU_UTILIZATION, 1.5),
      agent: 'web-1:4711',
      version: '2.0.0',
    });
    const { alerts } = await get('/v1/alerts?service=shop');
    const busy = alerts.find(({ metric }) => metric === 'cpu_process');
    expect(busy).toMatchObject({
      state: 'firing',
      attributes: { 'service.instance.id': 'boot-1' },
    });
    expect(busy?.why).toContain('Process web-1:4711 of version 2.0.0.');
  });
});

describe('a machine', () => {
  const memory = (share: number): Partial<Batch> => gauge(SYSTEM_MEMORY_UTILIZATION, share);
  it('that fills its memory is told with the time that is left', async () => {
    for (let minute = 0; minute < 75; minute++) await live(60, memory(0.2 + minute * 0.005));
    const { alerts } = await get('/v1/alerts');
    const forecast = alerts.find(({ metric }) => metric === 'memory_forecast');
    expect(forecast).toMatchObject({
      level: 'WARNING',
      service: '',
      attributes: { 'host.name': 'host', 'tachograph.memory': 'host' },
    });
    expect(forecast?.why).toMatch(/5\d % now; full in about 1\.[4-6] h/);
    expect(await replayed()).toContain('memory_forecast.warning');
  }, 120_000);
});

describe('a service that falls silent', () => {
  it('is told by the dead-man’s switch, after it had lived', async () => {
    await live(660, FAST);
    for (let i = 0; i < 6; i++) {
      nowMs += 60_000;
      await collector.alerts!.clock.look();
    }
    expect(titles()).toEqual(['CRITICAL: silent_service of shop']);
    await live(60, FAST);
    expect(titles()).toContain('Resolved: silent_service of shop');
    const { alerts } = await get(`/v1/alerts/replay?from=${T0}&to=${nowMs}`);
    expect(alerts.filter(({ metric }) => metric === 'silent_service')).toHaveLength(1);
  });

  it('stays told over a restart of the collector, until it is heard', async () => {
    await live(660, FAST);
    const wait = async (minutes: number): Promise<void> => {
      for (let i = 0; i < minutes; i++) {
        nowMs += 60_000;
        await collector.alerts!.clock.look();
      }
    };
    await wait(8);
    await collector.close();
    await start();
    await wait(8);
    expect(titles()).toEqual(['CRITICAL: silent_service of shop']);
    await live(60, FAST);
    expect(titles()).toEqual([
      'CRITICAL: silent_service of shop',
      'Resolved: silent_service of shop',
    ]);
  });

  it('is not told of a script', async () => {
    await live(60, FAST);
    for (let i = 0; i < 10; i++) {
      nowMs += 60_000;
      await collector.alerts!.clock.look();
    }
    expect(titles()).toEqual([]);
    expect(await replayed()).toEqual([]);
  });
});

it('one slow run of a command is told, though it is seen but once', async () => {
  const { name, unit, scale } = OPERATION_DURATION;
  const attributes = [
    ['tachograph.module', 'backup_operation'],
    ['tachograph.operation.name', 'nightly'],
  ] as const;
  const series = { name, kind: 'histogram', unit, scale, attributes } as const;
  await live(10, { histograms: [histogramOf(series, [400 * scale])] });
  expect(titles()).toEqual(['WARNING: backup_operation of shop · nightly']);
});

it('records that were dropped are told', async () => {
  await live(60, FAST);
  const ledger = { recorded: 10, delivered: 0, pending: 3, dropped: { 'ring-full': 7 } };
  await live(60, { ...FAST, ledger });
  const { alerts } = await get('/v1/alerts');
  expect(alerts).toMatchObject([{ rule: 'ledger_drops.warning', value: 7, service: 'shop' }]);
});

describe('silences', () => {
  const post = (body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${collector.url}/v1/silences`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });

  it('hold messages back, are listed, and end when they are removed', async () => {
    const made = await post({ matchers: { service: 'shop' }, forMs: 3_600_000, comment: 'deploy' });
    expect(made.status).toBe(201);
    const { silence } = (await made.json()) as { silence: { id: string } };
    await live(180, SLOW);
    expect(titles()).toEqual([]);
    const { alerts } = await get('/v1/alerts');
    expect(alerts[0]).toMatchObject({ state: 'firing', silencedUntilMs: T0 + 3_600_000 });
    expect((await get('/v1/silences')).silences).toEqual([silence]);
    const url = `${collector.url}/v1/silences/${silence.id}`;
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(200);
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(404);
    await live(10, SLOW);
    expect(titles()).toContain('CRITICAL: response_time of shop');
  });

  it.each([
    [{ forMs: 10 }],
    [{ forMs: 1e15 }],
    [{ forMs: 60_000, matchers: { a: 1 } }],
    [{ forMs: 60_000, matchers: ['a'] }],
    [{ forMs: 60_000, comment: 'x'.repeat(501) }],
    [null],
  ])('are refused when they are %j', async (body) => {
    expect((await post(body)).status).toBe(400);
  });

  it('cannot be made by a page of another site, which may send no JSON', async () => {
    const response = await post({ forMs: 60_000 }, { 'content-type': 'text/plain' });
    expect(response.status).toBe(415);
  });
});

it('a replay says what would have fired, and tells nobody', async () => {
  await live(180, SLOW);
  await live(600, FAST);
  const told = receiver.received.length;
  const { alerts, leftOut } = await get(`/v1/alerts/replay?from=${T0}&to=${nowMs}`);
  expect(alerts.map(({ rule }) => rule)).toEqual(
    expect.arrayContaining(['response_time.critical', 'view_response_time.warning']),
  );
  expect(leftOut).toEqual([
    { metric: 'ledger_drops', why: 'what was dropped is kept as a total of each process' },
  ]);
  expect(receiver.received).toHaveLength(told);
});

it('a replay of what is kept by the hour judges every hour, and says what needs minutes', async () => {
  await live(60, SLOW);
  nowMs = T0 + 3_600_000;
  await live(60, SLOW);
  nowMs = T0 + 7_200_000;
  await live(60, SLOW);
  nowMs = T0 + 20 * 86_400_000;
  const path = `/v1/alerts/replay?from=${T0}&to=${T0 + 86_400_000}`;
  const { alerts, leftOut, stepMs } = await get(path);
  expect(stepMs).toBe(3_600_000);
  expect(alerts.map(({ rule }) => rule)).toContain('response_time.critical');
  expect(leftOut.map(({ metric, why }) => `${metric}: ${why}`)).toContain(
    'silent_service: it needs minutes, which are kept for 14 days',
  );
});

it('a replay of more than can be held is refused, with what to do, and a shorter one is not', async () => {
  await live(600, FAST);
  await collector.close();
  await start({}, { alertSamplesMax: 20 });
  const ask = (fromMs: number): Promise<Response> =>
    fetch(`${collector.url}/v1/alerts/replay?from=${fromMs}&to=${nowMs}`);
  const whole = await ask(T0);
  expect(whole.status).toBe(400);
  expect(await whole.json()).toEqual({
    error: {
      code: 'too_many_samples',
      message:
        'from, to: expected a range in which the rules have at most 20 values to judge, got one in which they have more. ' +
        'Ask for less than 25 h: the shorter, the fewer.',
    },
  });
  expect((await ask(nowMs - 60_000)).status).toBe(200);
  expect(lines).toEqual([]);
});
