/**
 * Fault 25: secrets planted in URLs, paths, headers, cookies, bodies, environment, arguments and error
 * texts are found nowhere: not on the wire, in the spool, in a file, in the database, in what the API
 * answers, nor in a log. Real processes, a real collector.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { startCollector } from '../../src/collector/start-collector.js';
import { makeFolder, PATIENT, type Run, runApp } from '../support/run-app.js';
import { answer, TestServer } from '../transport/test-server.js';

const PLACES = ['URL', 'PATH', 'HEADER', 'COOKIE', 'BODY', 'ENV', 'ARGUMENT', 'ERROR'] as const;
/** As tokens look: 32 letters and digits, each with its place in it. */
const SECRETS: Readonly<Record<string, string>> = Object.fromEntries(
  PLACES.map((place, i) => [
    place,
    `sk9${place.toLowerCase()}7f3b2a9c8d1e4f5a6b${i}x`.slice(0, 32),
  ]),
);
const TOKEN = 'tacho_write_7f3b2a9c8d1e';
const PASSWORD = 'hunter2hunter2hunter2';

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Every way in which bytes may hold a text without meaning to show it. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const shifted = ['', 'a', 'ab'].map((before) => {
    const text = Buffer.concat([Buffer.from(before), bytes]).toString('base64');
    // Without the ends, which depend on the neighbours.
    return text.slice(4, -4);
  });
  return [secret, secret.toUpperCase(), bytes.toString('hex'), ...shifted];
}

/** What of the secrets is in these bytes. */
function leaks(bytes: Uint8Array | string, secrets: Readonly<Record<string, string>>): string[] {
  const text = Buffer.from(bytes as string).toString('latin1');
  return Object.entries(secrets)
    .filter(([, secret]) => formsOf(secret).some((form) => text.includes(form)))
    .map(([place]) => place);
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

const PATHS = ['services', 'instances', 'metrics', 'ledger', 'events', 'stalls'].map(
  (name) => `/v1/${name}`,
);

it('a secret of the application leaves it by no way', async () => {
  const { path: folder, remove } = makeFolder();
  cleanups.push(remove);
  const data = join(folder, 'data');
  const log: string[] = [];
  const collector = await startCollector({
    folder: data,
    port: 0,
    queryThreads: 0,
    token: TOKEN,
    log: (line) => log.push(line),
  });
  cleanups.push(() => collector.close());
  // One that never takes anything, so that the spool is full of what was sent.
  const away = await TestServer.start(answer(503));
  cleanups.push(() => away.stop());
  const other = await TestServer.start(answer(200));
  cleanups.push(() => other.stop());
  const out = join(folder, 'points.ndjson');

  const run = await runApp('secrets.mjs', {
    folder,
    args: [SECRETS.ARGUMENT!, `--password=${SECRETS.ARGUMENT}`],
    env: {
      ...PATIENT,
      ...Object.fromEntries(PLACES.map((place) => [`PLANTED_${place}`, SECRETS[place]!])),
      DATABASE_URL: `postgres://app:${SECRETS.ENV}@db/shop`,
      TACHOGRAPH_TOKEN: TOKEN,
      TACHOGRAPH_WINDOW: '1s',
      TACHOGRAPH_LOG: 'debug',
      TACHOGRAPH_WINDW: SECRETS.ENV!,
      TACHOGRAPH_USER: 'headers.x-api-key',
      TACHOGRAPH_USER_SALT: SECRETS.ENV!,
      // Of a destination that is not on this machine: it cannot be used, and that is said.
      HTTP_PROXY: `bob:${PASSWORD}#${PASSWORD}@proxy:99999`,
      TACHOGRAPH_URL: [
        collector.url,
        away.url.replace('//', `//bob:${PASSWORD}@`),
        `msgpack+${other.url.replace('//', `//bob:${PASSWORD}@`)}/tag`,
        pathToFileURL(out).href,
        'http://metrics.example',
        `gopher://bob:${PASSWORD}@a.example/?q=${SECRETS.URL}`,
      ].join(','),
    },
  });
  expect(run.code).toBe(1);

  const credentials = { token: TOKEN, password: PASSWORD };
  const all = { ...SECRETS, ...credentials };
  expect(leaks(ours(run), all)).toEqual([]);
  expect(run.stderr).toContain('TACHO_OPTION_UNKNOWN');
  expect(run.stderr).toContain('HTTP_PROXY: expected http://host:port, got "***@proxy:99999"');
  expect(leaks(run.stdout, SECRETS)).toEqual([]);

  for (const server of [away, other]) {
    expect(server.received.length).toBeGreaterThan(0);
    for (const { path, headers, body } of server.received) {
      expect(leaks(body, all)).toEqual([]);
      const { authorization: _, ...rest } = headers;
      expect(leaks(path + JSON.stringify(rest), all)).toEqual([]);
      expect(leaks(JSON.stringify(headers), SECRETS)).toEqual([]);
    }
  }
  const spooled = filesIn(join(folder, 'spool'));
  expect(spooled.some((path) => path.endsWith('.tgb'))).toBe(true);
  for (const path of [...spooled, out])
    expect(leaks(path + readFileSync(path, 'latin1'), all)).toEqual([]);

  // Whose they were is told, by the hash alone.
  expect(readFileSync(out, 'utf8')).toMatch(/"user\.hash":"[\da-f]{16}"/);

  let listed = '';
  for (const path of PATHS) listed += await (await fetch(collector.url + path)).text();
  expect(listed).toContain('http.server.request.duration');
  expect(listed).toContain('at blocking (secrets.mjs:');
  expect(leaks(listed, all)).toEqual([]);
  await collector.store.maintain();
  const stored = filesIn(data);
  expect(stored.some((path) => path.includes('raw-'))).toBe(true);
  for (const path of stored) expect(leaks(readFileSync(path), all)).toEqual([]);
  expect(log).toEqual([]);
});

/** What the agent said; the runtime itself prints the error that the program died of. */
function ours({ stderr }: Run): string {
  const lines = stderr.split('\n').filter((line) => /tachograph|TACHO_/i.test(line));
  expect(lines.length).toBeGreaterThan(0);
  return lines.join('\n');
}

it('the search would find them', () => {
  for (const secret of Object.values(SECRETS)) {
    const found = (text: string): string[] => leaks(text, { secret });
    expect(found(`x${secret}y`)).toEqual(['secret']);
    expect(found(Buffer.from(secret).toString('hex'))).toEqual(['secret']);
    for (const before of ['', 'a', 'ab', 'abc']) {
      expect(found(Buffer.from(`${before}${secret}cd`).toString('base64'))).toEqual(['secret']);
    }
    expect(found('something else')).toEqual([]);
  }
});
