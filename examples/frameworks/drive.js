/**
 * Runs one example as a process of its own with the recorder preloaded, sends its requests, ends it,
 * and compares what was recorded with what was sent. Used by check.js and by test/frameworks.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { asCommonJs } from '../commonjs.js';
import { launch } from '../launch.js';
import { openClient, pipeline } from './clients.js';
import { EXPECTED } from './expected.js';
import { add, layersIn, pointsIn, recordedIn, sum } from './recorded.js';

const HERE = dirname(fileURLToPath(import.meta.url));
const REPOSITORY = join(HERE, '../..');
const ARRIVAL_TIMEOUT_MS = 10_000;

/**
 * Sends every row `times` times and returns what was expected and recorded, by
 * `METHOD route outcome`, and the layers (recorded.js).
 * @param loading `esm`, or `cjs` for the same source with `require`
 * @param env further variables of the example's environment
 */
export async function drive({ name, loading, node = process.execPath, times = 3, env = {} }) {
  const folder = mkdtempSync(join(tmpdir(), 'tachograph-frameworks-'));
  try {
    const output = join(folder, 'recorded.ndjson');
    const script = loading === 'cjs' ? copyAsCommonJs(folder, name) : join(HERE, `${name}.js`);
    const { client, rows, pipelined } = EXPECTED[name];
    const example = await launch(node, script, {
      TACHOGRAPH_URL: `file://${output}`,
      TACHOGRAPH_SPOOL_DIR: join(folder, 'spool'),
      TACHOGRAPH_SAMPLER: 'off',
      TACHOGRAPH_WINDOW: '1s',
      TACHOGRAPH_EXIT_TIMEOUT: '10s',
      PORT: '0',
      ...env,
      ...(client === 'https' ? certificate(folder) : {}),
    });
    const expected = new Map();
    try {
      await send(openClient(client, example.port), rows, times, expected);
      if (pipelined) await sendPipelined(example.port, times, expected);
      await arrives(output, expected);
    } finally {
      await example.end();
    }
    const points = pointsIn(output);
    return {
      expected,
      recorded: recordedIn(points),
      layers: layersIn(points),
      stderr: example.stderr(),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function send(client, rows, times, expected) {
  for (let i = 0; i < times; i++) {
    await Promise.all(
      rows.map(async ([method, path, route, outcome, options]) => {
        const status = await client.send(method, path, options);
        const came = status === 0 ? 'aborted' : `${Math.trunc(status / 100)}xx`;
        if (came !== outcome) {
          throw new Error(`${method} ${path}: the example answered ${status}, not ${outcome}`);
        }
        add(expected, `${method} ${route} ${outcome}`, 1);
      }),
    );
  }
  client.close();
}

async function sendPipelined(port, times, expected) {
  const paths = ['/pipe/1', '/pipe/2', '/pipe/3', '/other', '/pipe/4'];
  for (let i = 0; i < times; i++) await pipeline(port, paths);
  add(expected, 'GET /pipe/:int 2xx', 4 * times);
  add(expected, 'GET /other 2xx', times);
}

/**
 * Waits until as many requests are recorded as were sent, a short while at most: the server may not
 * have noticed yet that a client went away. What comes later, or twice, is seen after the end.
 */
async function arrives(output, expected) {
  const deadlineMs = performance.now() + ARRIVAL_TIMEOUT_MS;
  while (performance.now() < deadlineMs) {
    if (existsSync(output) && sum(recordedIn(pointsIn(output))) >= sum(expected)) return;
    await setTimeout(100);
  }
}

/** The example's source with `require` for `import`, in a folder that finds the same packages. */
function copyAsCommonJs(folder, name) {
  symlinkSync(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules'));
  const convert = (file) => {
    const source = readFileSync(join(HERE, `${file}.js`), 'utf8');
    for (const [, local] of source.matchAll(/from '\.\/([\w-]+)\.js'/g)) convert(local);
    writeFileSync(join(folder, `${file}.cjs`), asCommonJs(source));
  };
  convert(name);
  return join(folder, `${name}.cjs`);
}

function certificate(folder) {
  const KEY_FILE = join(folder, 'key.pem');
  const CERT_FILE = join(folder, 'cert.pem');
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'].concat([
      '-keyout',
      KEY_FILE,
      '-out',
      CERT_FILE,
      '-days',
      '1',
      '-subj',
      '/CN=localhost',
    ]),
    { stdio: 'ignore' },
  );
  return { KEY_FILE, CERT_FILE };
}
