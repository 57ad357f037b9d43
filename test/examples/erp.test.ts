import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { startCarrier } from '../../examples/erp/carrier.js';
import { signInCookie } from '../../examples/erp/load/sign-in.js';
import { runLoad } from '../../examples/erp/load.js';
import { ORDER_PAGE } from '../../examples/erp/sales/load-order-page.js';
import { SEED_PASSWORD } from '../../examples/erp/seed/people.js';
import { TABLES } from '../../examples/erp/seed/schema.js';
import { seed } from '../../examples/erp/seed.js';
import { createErp } from '../../examples/erp/server.js';
import { startService } from '../../scripts/services.js';

const SCALE = 0.05;
const APP = fileURLToPath(new URL('../../examples/erp/app.js', import.meta.url));
const SERVICES = new URL('../../scripts/services.js', import.meta.url).href;

let databaseUrl = '';
let stopDatabase = async () => {};

beforeAll(async () => {
  const service = await startService('postgres');
  databaseUrl = service.url;
  stopDatabase = service.stop;
  await seed(databaseUrl, { scale: SCALE });
});

afterAll(() => stopDatabase());

describe('services', () => {
  /** A process that starts PostgreSQL under `dir`, prints its URL and goes on; never the one of the environment. */
  async function startParent(dir: string): Promise<{ parent: ChildProcess; port: number }> {
    const code = `
      import { startService } from ${JSON.stringify(SERVICES)};
      console.log((await startService('postgres', { dir: ${JSON.stringify(dir)} })).url);
      setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ['--input-type=module', '--eval', code], {
      env: { ...process.env, TACHOGRAPH_TEST_POSTGRES_URL: '' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(parent.stdout, 'data');
    return { parent, port: Number(new URL(String(line).trim()).port) };
  }

  it.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)(
    'end and leave nothing behind when their parent gets %s',
    async (signal) => {
      const dir = sharedFolder();
      const { parent, port } = await startParent(dir);
      expect(await accepts(port)).toBe(true);
      expect(readdirSync(dir)).toHaveLength(1);
      parent.kill(signal);
      await vi.waitFor(
        async () => {
          expect(readdirSync(dir)).toEqual([]);
          expect(await accepts(port)).toBe(false);
        },
        { timeout: 15_000, interval: 100 },
      );
      rmSync(dir, { recursive: true });
    },
  );

  it('use the server that the environment names, and do not stop it', async () => {
    vi.stubEnv('TACHOGRAPH_TEST_POSTGRES_URL', databaseUrl);
    const service = await startService('postgres');
    vi.unstubAllEnvs();
    await service.stop();
    expect(service.url).toBe(databaseUrl);
    expect(service.env).toEqual({ TACHOGRAPH_TEST_POSTGRES_URL: databaseUrl });
    expect(service.version).toMatch(/^\d+|unknown$/);
    expect(await accepts(Number(new URL(databaseUrl).port))).toBe(true);
  });

  it('say what they know when asked for an unknown one', async () => {
    await expect(startService('oracle')).rejects.toMatchObject({
      code: 'SERVICE_UNKNOWN',
      message: expect.stringContaining('Expected one of postgres'),
    });
  });
});

describe('the seed', () => {
  it('gives the same rows each time', async () => {
    const erp = createErp({ databaseUrl });
    await seed(databaseUrl, { scale: 0.02 });
    const first = await checksums(erp.pool);
    await seed(databaseUrl, { scale: 0.02 });
    const second = await checksums(erp.pool);
    await seed(databaseUrl, { scale: SCALE });
    const other = await checksums(erp.pool);
    await erp.close();
    expect(second).toEqual(first);
    expect(other).not.toEqual(first);
  });

  it('does not take a scale out of range', async () => {
    await expect(seed(databaseUrl, { scale: 0 })).rejects.toThrow('scale: expected 0.01 to 20');
  });
});

describe('the application', () => {
  let erp: ReturnType<typeof createErp>;
  let carrier: Awaited<ReturnType<typeof startCarrier>>;
  let url = '';

  beforeAll(async () => {
    carrier = await startCarrier();
    erp = createErp({ databaseUrl, carrierUrl: carrier.url });
    url = await erp.listen(0);
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });
  afterAll(async () => {
    await erp.close();
    await carrier.close();
  });

  /** Opens the page as administrator and returns the SQL it sent. */
  async function queriesOf(path: string): Promise<string[]> {
    const cookie = await signInCookie(url);
    const spy = vi.spyOn(erp.pool, 'query');
    const response = await fetch(url + path, { headers: { cookie } });
    expect(response.status).toBe(200);
    await response.text();
    return spy.mock.calls.map((call: unknown[]) => JSON.stringify(call));
  }

  it('lets a user in with the right password only', async () => {
    const logIn = (password: string) =>
      fetch(`${url}/login`, {
        method: 'POST',
        redirect: 'manual',
        body: new URLSearchParams({ email: 'sam@erp.example', password }),
      });
    expect((await logIn('wrong')).status).toBe(401);
    const welcome = await logIn(SEED_PASSWORD);
    expect(welcome.status).toBe(302);
    const cookie = welcome.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const open = (path: string) => fetch(url + path, { redirect: 'manual', headers: { cookie } });
    expect((await open('/sales/orders')).status).toBe(200);
    expect((await open('/hr/employees')).status).toBe(403);
    expect((await fetch(`${url}/sales/orders`, { redirect: 'manual' })).status).toBe(302);
  });

  it('serves the API with a token only, and ships an order through it', async () => {
    const post = (path: string, body: unknown, token = '') =>
      fetch(`${url}/api/v1${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify(body),
      });
    const order = { customerId: 3, lines: [{ productId: 5, quantity: 2 }] };
    expect((await post('/sales/orders', order)).status).toBe(401);
    const login = await post('/auth/token', { email: 'sam@erp.example', password: SEED_PASSWORD });
    const { token } = (await login.json()) as { token: string };
    expect((await post('/sales/orders', { customerId: 'x' }, token)).status).toBe(400);
    const created = await post('/sales/orders', order, token);
    expect(created.status).toBe(201);
    const { id } = (await created.json()) as { id: number };
    const processed = await post(`/sales/orders/${id}/process`, {}, token);
    expect(await processed.json()).toMatchObject({ id, status: 'shipped' });
    expect((await post(`/sales/orders/${id}/process`, {}, token)).status).toBe(409);
  });

  it('shows the order page with eight queries', async () => {
    expect(await queriesOf(ORDER_PAGE.path)).toHaveLength(ORDER_PAGE.queries);
  });

  it('has the N+1 and the duplicate query it promises', async () => {
    expect(await queriesOf('/sales/orders')).toHaveLength(41);
    const onProductPage = await queriesOf('/inventory/products/7');
    expect(onProductPage.filter((query) => query.includes('"currency"'))).toHaveLength(3);
  });

  it('receives exactly the requests that the load driver counts', async () => {
    const seen = { requests: 0 };
    const count = () => {
      seen.requests++;
    };
    erp.server.on('request', count);
    const result = await runLoad({
      baseUrl: url,
      durationMs: 3_000,
      usersMax: 8,
      seed: 3,
      scale: SCALE,
      thinkMs: 40,
      aborts: false,
    });
    erp.server.off('request', count);
    const sum = (counts: number[]) => counts.reduce((total, one) => total + one, 0);
    expect(result.requests).toBeGreaterThan(100);
    expect(result).toMatchObject({ requests: seen.requests, errors: 0, aborted: 0 });
    expect(sum(result.byRoute.map((entry) => entry.count))).toBe(result.requests);
    expect(sum(Object.values(result.byStatus))).toBe(result.requests);
    const failures = result.byRoute.filter((entry) => entry.status >= 500);
    const planned = '/hr/employees/:id/chart';
    expect(failures.filter((entry) => entry.route !== planned)).toEqual([]);
  });

  it('ends a load run early when its signal says so', async () => {
    const startedMs = performance.now();
    const signal = AbortSignal.timeout(300);
    await runLoad({ baseUrl: url, durationMs: 60_000, usersMax: 3, scale: SCALE, signal });
    expect(performance.now() - startedMs).toBeLessThan(5_000);
  });

  it('degrades and does not hang when its pool has leaked away, and still closes', async () => {
    const starved = createErp({ databaseUrl });
    const base = await starved.listen(0);
    const login = await fetch(`${base}/api/v1/auth/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'ada@erp.example', password: SEED_PASSWORD }),
    });
    const { token } = (await login.json()) as { token: string };
    const receive = () =>
      fetch(`${base}/api/v1/purchasing/orders/4/receipts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ line: 1, quantity: 90_000 }),
      });
    vi.spyOn(console, 'error').mockImplementation(() => {});
    for (let delivery = 0; delivery < 12; delivery++) expect((await receive()).status).toBe(409);
    expect((await receive()).status).toBe(500);
    await starved.close();
  });
});

describe('the process', () => {
  it('prints one line, answers, and exits with 0 on SIGTERM', async () => {
    const app = startApp({ ERP_DATABASE_URL: databaseUrl, PORT: '0' });
    const url = await app.listening;
    expect((await fetch(`${url}/login`)).status).toBe(200);
    app.child.kill('SIGTERM');
    expect(await once(app.child, 'close')).toEqual([0, null]);
    expect(app.output()).toBe(`ERP listening on ${url}\n`);
  });

  it('does not start without a database URL, and says so', async () => {
    const app = startApp({ ERP_DATABASE_URL: '', PORT: '0' });
    expect(await once(app.child, 'close')).toEqual([1, null]);
    expect(app.output()).toBe('');
    expect(app.problems()).toContain('ERP_DATABASE_URL is not set');
  });
});

function startApp(env: Record<string, string>) {
  const child = spawn(process.execPath, [APP], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let problems = '';
  const listening = new Promise<string>((resolve) => {
    child.stdout.on('data', (chunk) => {
      output += chunk;
      const url = /listening on (\S+)/.exec(output)?.[1];
      if (url) resolve(url);
    });
  });
  child.stderr.on('data', (chunk) => {
    problems += chunk;
  });
  return { child, listening, output: () => output, problems: () => problems };
}

/** A folder that the unprivileged user of a service may enter too. */
function sharedFolder(): string {
  const folder = mkdtempSync(join(existsSync('/tmp') ? '/tmp' : tmpdir(), 'tachograph-erp-test-'));
  chmodSync(folder, 0o777);
  return folder;
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const outcome = await Promise.race([
    once(socket, 'connect').then(() => true),
    once(socket, 'error').then(() => false),
    sleep(2_000).then(() => false),
  ]).catch(() => false);
  socket.destroy();
  return outcome;
}

async function checksums(pool: ReturnType<typeof createErp>['pool']) {
  const sums: Record<string, unknown> = {};
  for (const table of Object.keys(TABLES)) {
    const { rows } = await pool.query(
      `SELECT count(*)::int AS rows, md5(string_agg(t::text, '|' ORDER BY t::text)) FROM ${table} AS t`,
    );
    sums[table] = rows[0];
  }
  return sums;
}
