/**
 * `npm run demo`: the example ERP on a real PostgreSQL, under load, recorded by the agent into a
 * collector, with a live view; at the end the tables, and the proof that nothing is missing.
 *
 *   npm run demo                     until Ctrl-C, under a gentle load
 *   npm run demo -- --for 60s        20 users for a minute
 *   options: --users 20 --seed 1 --scale 1
 *
 * Exit code 0: every ledger balances with nothing dropped, and each route was recorded as often as it
 * was requested. Whatever happens, everything that was started is stopped.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runLoad } from '../examples/erp/load.js';
import { seed } from '../examples/erp/seed.js';
import { buildWhenStale } from './build.js';
import { compareCounts } from './demo/compare-counts.js';
import { showLive } from './demo/live-view.js';
import { BEACON_KEY, BEACON_ORIGIN, sendPageViews } from './demo/page-views.js';
import { startChild } from './demo/start-child.js';
import { countsReport, ledgerReport } from './demo/verdict.js';
import { startService } from './services.js';

/** The longest a timer can take, 24 days: until Ctrl-C. */
const ENDLESS_MS = 2 ** 31 - 1;
/** Five users who think for long: about 3 requests a second. */
const GENTLE = { usersMax: 5, thinkMs: 1500 };
/** As the shell says of a command that Ctrl-C ended. */
const INTERRUPTED = 130;
/** The proof is worth a wait: a machine that is busy with something else answers late. */
const PROOF_TIMEOUT_MS = 60_000;
const VIEW_RANGE_MS = 60_000;
const VIEW_WIDTH = 132;
const VIEW_LINES_MAX = 500;

const at = (/** @type {string} */ path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const fromDist = (/** @type {string} */ path) =>
  import(new URL(`../dist/${path}`, import.meta.url).href);

function readOptions() {
  const { values } = parseArgs({
    options: {
      for: { type: 'string' },
      users: { type: 'string', default: '20' },
      seed: { type: 'string', default: '1' },
      scale: { type: 'string', default: '1' },
    },
  });
  const match = /^(\d+)(ms|s|m)$/.exec(values.for ?? '0s');
  if (match === null) {
    throw new RangeError(`--for: expected a time such as 60s or 5m, got "${values.for}".`);
  }
  return {
    durationMs: Number(match[1]) * { ms: 1, s: 1000, m: 60_000 }[match[2] ?? 's'],
    usersMax: Number(values.users),
    seed: Number(values.seed),
    scale: Number(values.scale),
  };
}

/**
 * Everything that runs for the demo, stopped in the reverse order of its start.
 */
function openStack() {
  /** @type {(() => unknown)[]} */
  const stops = [];
  return {
    /** @param {() => unknown} stop */
    push: (stop) => stops.push(stop),
    async close() {
      for (const stop of stops.splice(0).reverse()) await stop();
    },
  };
}

/**
 * @param {ReturnType<typeof openStack>} stack
 * @param {number} scale
 */
async function startParts(stack, scale) {
  const folder = mkdtempSync(join(tmpdir(), 'tachograph-demo-'));
  stack.push(() => rmSync(folder, { recursive: true, force: true }));
  const postgres = await startService('postgres');
  stack.push(postgres.stop);
  const { orders, products } = await seed(postgres.url, { scale });
  console.log(`PostgreSQL ${postgres.version}: ${products} products, ${orders} orders`);

  const start = async (/** @type {Parameters<typeof startChild>[0]} */ options) => {
    const child = await startChild(options);
    process.once('exit', child.kill);
    stack.push(child.stop);
    console.log(`${child.name} at ${child.url}`);
    return child;
  };
  // By which a child knows whose it is.
  const mark = { TACHOGRAPH_TEST_DEMO_PID: String(process.pid) };
  const collector = await start({
    name: 'Collector',
    args: [
      ...[at('dist/cli/main.js'), 'collector', '--port', '0', '--data', join(folder, 'data')],
      ...['--beacon-key', `${BEACON_KEY}=erp`, '--beacon-origin', BEACON_ORIGIN],
    ],
    env: mark,
    ready: /ready at (http:\S+)/,
  });
  const preload = ['dist/register.js', 'scripts/demo/end-with-parent.js'];
  const app = await start({
    name: 'ERP',
    args: [
      ...preload.flatMap((path) => ['--import', new URL(`../${path}`, import.meta.url).href]),
      at('examples/erp/app.js'),
    ],
    env: {
      ERP_DATABASE_URL: postgres.url,
      PORT: '0',
      TACHOGRAPH_URL: collector.url,
      TACHOGRAPH_SERVICE: 'erp',
      TACHOGRAPH_CONFIG_FILE: at('examples/erp/tachograph.json'),
      TACHOGRAPH_USER: 'res.locals.user.id',
      TACHOGRAPH_WINDOW: '2s',
      TACHOGRAPH_SPOOL_DIR: join(folder, 'spool'),
      // The last batch is awaited here: a slow machine must not send it to the spool.
      TACHOGRAPH_EXIT_TIMEOUT: '10s',
      ...mark,
    },
    ready: /ERP listening on (http:\S+)/,
  });
  return { collector, app };
}

/**
 * @param {ReturnType<typeof readOptions> & { dashboardUrl: string }} options
 * @param {import('./demo/start-child.js').Child} app
 * @param {() => Promise<import('../src/cli/top-data.ts').TopData | undefined>} load
 * @param {AbortController} end
 */
async function putUnderLoad(options, app, load, end) {
  const { renderTop } = await fromDist('cli/render-top.js');
  const { createScreen } = await fromDist('cli/screen.js');
  const isGentle = options.durationMs === 0;
  let progress = { requests: 0, elapsedMs: 0 };
  const shown = new AbortController();
  const view = showLive({
    load,
    renderTop,
    createScreen,
    signal: shown.signal,
    status: () =>
      `${Math.round(progress.elapsedMs / 1000)} s, ${progress.requests} requests sent` +
      (isGentle ? `; dashboard at ${options.dashboardUrl}; ERP at ${app.url}; Ctrl-C ends` : ''),
    onEnd: () => end.abort(),
  });
  // The ERP is not to end before it is told to; if it does, there is nothing more to load.
  const stop = () => end.abort();
  app.ended.then(stop, stop);
  try {
    return await runLoad({
      baseUrl: app.url,
      seed: options.seed,
      scale: options.scale,
      // Nobody leaves early: both ends see the same requests.
      aborts: false,
      signal: end.signal,
      onProgress: (now) => {
        progress = now;
      },
      ...(isGentle
        ? { durationMs: ENDLESS_MS, ...GENTLE }
        : { durationMs: options.durationMs, usersMax: options.usersMax }),
    });
  } finally {
    shown.abort();
    await view;
  }
}

/** @param {AbortController} end */
async function main(end) {
  const options = readOptions();
  if (!(await buildWhenStale())) return 1;
  const { createCollectorClient } = await fromDist('cli/collector-client.js');
  const { loadTopData } = await fromDist('cli/top-data.js');
  const { renderTop } = await fromDist('cli/render-top.js');
  const stack = openStack();
  try {
    const startedMs = Date.now();
    const from = new Date(startedMs).toISOString();
    const { collector, app } = await startParts(stack, options.scale);
    if (end.signal.aborted) return INTERRUPTED;
    console.log(`Dashboard at ${collector.url}`);
    console.log('Its Frontend page shows views that are made up: no browser runs here.');
    const viewing = sendPageViews(collector.url, end.signal);
    stack.push(() => {
      end.abort();
      return viewing;
    });
    const view = { get: createCollectorClient(collector.url, undefined), service: 'erp' };
    const load = () => loadTopData({ ...view, rangeMs: VIEW_RANGE_MS }, Date.now());

    const sent = await putUnderLoad({ ...options, dashboardUrl: collector.url }, app, load, end);
    const crashed = !app.isRunning();
    // It answers what is under way, and the agent sends the last batch.
    const exitCode = await app.stop();

    const get = createCollectorClient(collector.url, undefined, PROOF_TIMEOUT_MS);
    const endedMs = Date.now();
    const data = await loadTopData({ get, service: 'erp', rangeMs: endedMs - startedMs }, endedMs);
    if (data === undefined) throw new Error('the collector has received nothing.');
    const { processes } = await get('/v1/ledger', {});
    const own = processes.find((/** @type {{ agent: string }} */ row) =>
      row.agent.endsWith(`:${app.pid}`),
    );
    const { groups } = await get('/v1/query', {
      metric: 'http.server.request.duration',
      from,
      group: 'http.request.method,http.route,http.response.status_class',
      where: `service.instance.id:${own?.boot}`,
      limit: '500',
    });
    const counts = countsReport(compareCounts(sent.byRoute, groups));
    const ledger = ledgerReport(processes);
    console.log(`\n${renderTop(data, VIEW_WIDTH, VIEW_LINES_MAX)}`);
    console.log(`\nSent by the load driver, and recorded\n${counts.text}`);
    console.log(`\nLedger\n${ledger.text}`);
    const problems = [...counts.problems, ...ledger.problems];
    if (crashed || exitCode !== 0) problems.push(`the ERP ended with ${exitCode}`);
    const rate = (sent.requests / sent.durationMs) * 1000;
    console.log(
      `\n${sent.requests} requests in ${Math.round(sent.durationMs / 1000)} s, ${rate.toFixed(1)}/s: ` +
        (problems.length === 0
          ? 'each recorded, nothing dropped, every ledger balances.'
          : `\n${problems.join('\n')}`),
    );
    return problems.length === 0 ? 0 : 1;
  } finally {
    await stack.close();
  }
}

const end = new AbortController();
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => {
    // The second one does not wait: children are killed on exit, and the database ends with us.
    if (end.signal.aborted) process.exit(INTERRUPTED);
    end.abort();
  });
}
main(end).then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    console.error(`demo: ${error.message}`);
    process.exitCode = 1;
  },
);
