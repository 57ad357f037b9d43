/** `tachograph tail` against a real collector: what it tells, how it ends, and that it comes back. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Collector, startCollector } from '../../src/collector/start-collector.js';
import { makeBatch, send } from '../collector/make-batch.js';
import { shopEvents, traceIdOf } from '../support/shop/events.js';
import { ROUTES } from '../support/shop/routes.js';

/** Built by `npm run build`. */
const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

let folder = '';
let collector: Collector;
let child: ChildProcess | undefined;

const start = async (port = 0): Promise<Collector> =>
  await startCollector({ folder, port, queryThreads: 0 });

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tacho-'));
  collector = await start();
});

afterEach(async () => {
  if (child?.exitCode === null) child.kill('SIGKILL');
  await collector.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Of the shop's routes with queries, the one at `index` has one kept trace in the batch. */
const windowOf = (index: number): number => 5 + 6 * index;

async function sendTrace(index: number, service = 'shop'): Promise<void> {
  const startMs = Date.now() - 10_000;
  const events = shopEvents({
    startMs,
    window: windowOf(index),
    windows: 100_000,
    routes: ROUTES,
    random: () => 0.5,
    instance: 'tail',
  });
  const batch = makeBatch({ boot: service, sequence: index + 1, startMs, service, events });
  expect((await send(collector.url, batch)).status).toBe(200);
}

interface Tail {
  /** Until standard output, or standard error, has it. */
  told(text: string): Promise<void>;
  ended(): Promise<{ code: number | null; lines: string[]; stderr: string }>;
}

function tail(...args: string[]): Tail {
  const started = spawn(process.execPath, [MAIN, 'tail', '--url', collector.url, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1' },
  });
  child = started;
  const out = { stdout: '', stderr: '' };
  started.stdout.on('data', (chunk) => {
    out.stdout += String(chunk);
  });
  started.stderr.on('data', (chunk) => {
    out.stderr += String(chunk);
  });
  const ended = once(started, 'close');
  return {
    async told(text) {
      while (!out.stdout.includes(text) && !out.stderr.includes(text)) {
        const heard = once(started.stdout, 'data');
        await Promise.race([heard, once(started.stderr, 'data'), ended]);
        if (started.exitCode !== null) throw new Error(`ended without: ${text}\n${out.stderr}`);
      }
    },
    async ended() {
      const [code] = (await ended) as [number | null];
      const lines = out.stdout.split('\n').filter((line) => line !== '');
      return { code, lines, stderr: out.stderr };
    },
  };
}

it('tells of the newest, then of each request as it comes, until there are as many as asked for', async () => {
  await sendTrace(0);
  const following = tail('--limit', '2');
  await following.told(traceIdOf('tail', windowOf(0)));
  await sendTrace(1);
  const { code, lines, stderr } = await following.ended();
  expect([code, stderr]).toEqual([0, '']);
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(
    /^\d\d:\d\d:\d\d slow +126 ms +2 queries {2}[\da-f]{32} {2}GET \/products 200 {2}shop$/,
  );
  expect(lines[1]).toContain('GET /products/:id 200');
});

it('tells of one route and method, of one service, from a duration on', async () => {
  const routes = ['GET /products', 'POST /orders', '/orders'];
  for (let index = 0; index < 4; index++) await sendTrace(index);
  await sendTrace(3, 'other');
  const linesOf = async (...args: string[]): Promise<string[]> => {
    const { code, lines } = await tail(...args).ended();
    expect(code).toBe(0);
    return lines;
  };
  const [get, post, any] = await Promise.all(
    routes.map((route) => linesOf('--route', route, '--limit', '1')),
  );
  expect(get![0]).toContain('GET /products 200');
  expect(post![0]).toContain('POST /orders');
  expect(any![0]).toContain('POST /orders');
  const [other] = await linesOf('--service', 'other', '--limit', '1');
  expect(other).toMatch(/POST \/orders 200 {2}other$/);
  const [long] = await linesOf('--min-duration', '500ms', '--limit', '1');
  expect(long).toContain('GET /orders/:id');
});

it('prints JSON, one line a request', async () => {
  await sendTrace(2);
  const { code, lines } = await tail('--format', 'json', '--limit', '1').ended();
  expect(code).toBe(0);
  expect(JSON.parse(lines[0]!)).toMatchObject({
    ...{ service: 'shop', method: 'GET', route: '/orders/:id', status: 200, queries: 23 },
    ...{ reason: 'queries', traceId: traceIdOf('tail', windowOf(2)) },
  });
});

it('goes on when the collector was restarted, and tells nothing twice', async () => {
  await sendTrace(0);
  const following = tail('--limit', '2');
  await following.told('GET /products 200');
  const port = Number(new URL(collector.url).port);
  await collector.close();
  await following.told('; trying again');
  collector = await start(port);
  await sendTrace(1);
  const { code, lines, stderr } = await following.ended();
  expect(code).toBe(0);
  expect(lines.map((line) => line.split('  ').at(-2))).toEqual([
    'GET /products 200',
    'GET /products/:id 200',
  ]);
  expect(stderr.split('\n').filter((line) => line !== '')).toHaveLength(1);
});

it('tries again after a refusal whose text breaks off, as a proxy gives one', async () => {
  await sendTrace(0);
  let requests = 0;
  const proxy = createServer((request, response) => {
    requests += 1;
    if (requests === 2) {
      response.writeHead(503, { 'content-length': 1000 });
      response.write('{');
      setImmediate(() => response.destroy());
      return;
    }
    const target = new URL(request.url ?? '', collector.url);
    const forwarded = get(target, { headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(response);
      // The first listener is cut off once it has its first request.
      if (requests === 1)
        answer.on(
          'data',
          (data) => /event: request/.test(String(data)) && setTimeout(() => response.destroy(), 50),
        );
    });
    response.on('close', () => forwarded.destroy());
  });
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  try {
    const { port } = proxy.address() as AddressInfo;
    const following = tail('--url', `http://127.0.0.1:${port}`, '--limit', '2');
    await following.told('GET /products 200');
    await following.told('; trying again');
    await sendTrace(1);
    const { code, lines } = await following.ended();
    expect([code, lines.length, requests]).toEqual([0, 2, 3]);
  } finally {
    proxy.closeAllConnections();
    proxy.close();
  }
});

it('ends when nobody reads it any more', async () => {
  await sendTrace(0);
  const following = tail();
  await following.told('GET /products 200');
  child!.stdout!.destroy();
  await sendTrace(1);
  expect((await following.ended()).code).toBe(0);
});

it('ends with 3 when no collector answers, and with 1 when it is refused', async () => {
  await collector.close();
  const none = await tail().ended();
  expect([none.code, none.lines]).toEqual([3, []]);
  expect(none.stderr).toContain('Start one: tachograph collector');
  collector = await startCollector({ folder, port: 0, queryThreads: 0, readToken: 'r'.repeat(40) });
  const refused = await tail().ended();
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('the collector answered 401');
});

it.each([
  [['--limit', '0'], 'expected --limit of at least 1, got "0"'],
  [['--format', 'xml'], 'expected --format human or json, got "xml"'],
  [['--min-duration', 'long'], 'min: expected'],
  [['--all'], 'Unknown option'],
])('says what is wrong with %j', async (args, message) => {
  const { code, stderr } = await tail(...args).ended();
  expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
});
