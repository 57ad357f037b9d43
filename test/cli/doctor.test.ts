/** `tachograph doctor` against real collectors and servers that are none (faults 8, 23, 24 of the guarantees). */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Collector, startCollector } from '../../src/collector/start-collector.js';
import { createToken } from '../../src/collector/tokens/token-file.js';
import type { Ledger } from '../../src/transport/batch.js';
import { makeBatch, send } from '../collector/make-batch.js';
import { MAIN } from '../support/collector-process.js';
import { type Answering, answer, TestServer } from '../transport/test-server.js';
import { doctor, findingsIn } from './doctor-run.js';

let folder: string;
let base: { readonly TACHOGRAPH_SPOOL_DIR: string };
let collector: Collector | undefined;
let server: TestServer | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tacho-doctor-'));
  base = { TACHOGRAPH_SPOOL_DIR: join(folder, 'spool') };
});
afterEach(async () => {
  await collector?.close();
  await server?.stop();
  collector = undefined;
  server = undefined;
  rmSync(folder, { recursive: true, force: true });
});

async function startReal(tokens: { token?: string; readToken?: string } = {}): Promise<string> {
  collector = await startCollector({
    folder: join(folder, 'data'),
    port: 0,
    queryThreads: 0,
    log: (line) => expect.fail(line),
    ...tokens,
  });
  return collector.url;
}

async function startFake(answering: Answering): Promise<string> {
  server = await TestServer.start(answering);
  return server.url;
}

async function record(url: string, parts: { service?: string; agent?: string; ledger?: Ledger }) {
  const startMs = Math.floor(Date.now() / 10_000) * 10_000 - 10_000;
  const batch = makeBatch({ startMs, routes: { '/orders': [1000, 2000, 3000] }, ...parts });
  expect((await send(url, batch)).status).toBe(200);
}

/** Answers as a collector that knows of no process, with headers of its own. */
function asCollector(headers: Record<string, string>): Answering {
  return (response, { method, path }) => {
    const status = method === 'POST' ? 415 : 200;
    const body = path.endsWith('/health') ? { status: 'ok' } : { processes: [], services: [] };
    const type = { 'content-type': 'application/json' };
    response.writeHead(status, { ...type, ...headers }).end(JSON.stringify(body));
  };
}

describe('the doctor', () => {
  it('finds nothing wrong where all is well, and says so line by line', async () => {
    const url = await startReal();
    await record(url, { service: 'shop', agent: 'host:1' });
    const { code, out } = await doctor({ ...base, TACHOGRAPH_URL: url });
    expect(code).toBe(0);
    expect(out).toMatch(/^ {2}ok {9}\d+ options, 2 of them set, no problems$/m);
    expect(out).toMatch(/^ {2}ok {9}a collector answers, after \d/m);
    expect(out).toMatch(/^ {2}ok {9}it takes batches, and asks for no token$/m);
    expect(out).toMatch(/^ {2}ok {9}the clocks agree within 2 s$/m);
    expect(out).toMatch(
      /^ {2}ok {9}host:1 of shop: recorded 3 = received 3 \+ dropped 0 \+ pending 0; heard of \d+ s ago$/m,
    );
    expect(out).toMatch(/^ {2}ok {9}it is not there yet; the first process makes it$/m);
    expect(out).not.toContain('trouble  ');
  });

  it('looks at the processes of one service where one is named', async () => {
    const url = await startReal();
    await record(url, { service: 'shop', agent: 'host:1' });
    await record(url, { service: 'stock', agent: 'host:2' });
    const env = { ...base, TACHOGRAPH_URL: url, TACHOGRAPH_SERVICE: 'shop' };
    expect(findingsIn(await doctor(env, '--json'), 'process')).toHaveLength(1);
    const other = await doctor(env, '--service', 'nobody');
    expect(other.code).toBe(0);
    expect(other.out).toContain('attention  no service of the name nobody has sent anything yet');
  });

  it('says what was lost, and what would have kept it', async () => {
    const url = await startReal();
    const ledger = { recorded: 10, delivered: 0, pending: 3, dropped: { ring_full: 7 } };
    await record(url, { service: 'shop', agent: 'host:1', ledger });
    const { code, out } = await doctor({ ...base, TACHOGRAPH_URL: url });
    expect(code).toBe(0);
    expect(out).toContain('recorded 10 = received 3 + dropped 7 (ring_full 7) + pending 0');
    expect(out).toContain('→ Raise TACHOGRAPH_RING_BYTES');
  });

  it('tells machines the same, with numbers', async () => {
    const url = await startReal();
    await record(url, { service: 'shop', agent: 'host:1' });
    const outcome = await doctor({ ...base, TACHOGRAPH_URL: url }, '--json');
    expect(['ok', 'attention']).toContain(JSON.parse(outcome.out).level);
    expect(findingsIn(outcome, 'process')).toMatchObject([
      { level: 'ok', todo: '', facts: { agent: 'host:1', recorded: 3, received: 3, pending: 0 } },
    ]);
    expect(findingsIn(outcome, 'clock')).toMatchObject([{ facts: { skewMs: expect.any(Number) } }]);
  });
});

describe('a destination that is not what it should be', () => {
  it('and is down: says that nobody listens, and how to start a collector', async () => {
    const url = await startFake(answer(200));
    await server?.stop();
    server = undefined;
    const { code, out } = await doctor({ ...base, TACHOGRAPH_URL: url });
    expect(code).toBe(1);
    expect(out).toContain('trouble    nobody listens there (ECONNREFUSED)');
    expect(out).toContain('→ Start the collector (tachograph collector)');
  });

  it.each([
    [
      'a web page',
      answer(200, { 'content-type': 'text/html' }, '<html>'),
      'a web page comes (200)',
    ],
    ['a page of a proxy', answer(400, { 'content-type': 'text/html' }), 'a web page comes (400)'],
    ['404', answer(404), 'no collector takes batches there (404)'],
    ['502', answer(502), 'it cannot take batches now (502)'],
    ['301', answer(301, { location: 'https://other.example/' }), 'it sends elsewhere (301): https'],
    [
      'a collector that has another name',
      answer(403, {}, '{"error":{"code":"host_not_allowed","message":""}}'),
      'the collector is not known by that name (403)',
    ],
    ['a proxy that wants to know who asks', answer(407), 'the proxy asks for credentials (407)'],
    ['an end without an answer', (response) => response.destroy(), 'closed before an answer comes'],
  ] as [string, Answering, string][])('%s', async (_name, answering, said) => {
    const url = await startFake(answering);
    const { code, out } = await doctor({ ...base, TACHOGRAPH_URL: url });
    expect(code).toBe(1);
    expect(out).toContain(said);
  });

  it('and whose name nobody knows', async () => {
    const env = { ...base, TACHOGRAPH_URL: 'http://collector.invalid:4600' };
    const { code, out } = await doctor(env);
    expect(code).toBe(1);
    expect(out).toMatch(/its name is not known|the name server (does not answer|gives no answer)/);
  });

  it('and stands behind a proxy that is down: names the proxy', async () => {
    const url = await startFake(answer(200));
    await server?.stop();
    server = undefined;
    const env = { ...base, HTTP_PROXY: url, TACHOGRAPH_URL: 'http://collector.invalid:4600' };
    const { out } = await doctor(env);
    expect(out).toContain(`by the proxy ${url}: nobody listens there`);
    expect(out).toContain('→ Check HTTP_PROXY, HTTPS_PROXY and NO_PROXY');
  });

  it('and is a file that cannot be written', async () => {
    writeFileSync(join(folder, 'file'), '');
    const bad = `file://${folder}/file/below.ndjson`;
    const good = `file://${folder}/good.ndjson`;
    const outcome = await doctor({ ...base, TACHOGRAPH_URL: `${bad},${good},stdout:` }, '--json');
    expect(outcome.code).toBe(1);
    expect(findingsIn(outcome, 'output').map(({ level }) => level)).toEqual([
      'trouble',
      'ok',
      'ok',
    ]);
  });

  it('and takes plain msgpack is asked with an array of no points', async () => {
    const url = await startFake(answer(200));
    const { code, out } = await doctor({ ...base, TACHOGRAPH_URL: `msgpack+${url}/points` });
    expect(code).toBe(0);
    expect(out).toContain('it takes plain msgpack (200)');
    expect(server?.received.map(({ body }) => [...body])).toEqual([[0x90]]);
  });
});

describe('the token', () => {
  const said = async (url: string, token?: string) => {
    const env = { ...base, TACHOGRAPH_URL: url, ...(token ? { TACHOGRAPH_TOKEN: token } : {}) };
    const outcome = await doctor(env);
    // A token is in no output, whatever becomes of it.
    if (token !== undefined) expect(outcome.out).not.toContain(token);
    return outcome;
  };

  it('that is missing, wrong, for reading, for sending or for both is told apart', async () => {
    const url = await startReal();
    const data = join(folder, 'data');
    const make = (role: 'write' | 'read' | 'admin') => createToken(data, role, '', 0).token;
    const [write, read, admin] = [make('write'), make('read'), make('admin')];
    const none = await said(url);
    expect([none.code, none.out.includes('it asks for a token (401), and none is set')]).toEqual([
      1,
      true,
    ]);
    const wrong = await said(url, 'wrong-token');
    expect([wrong.code, wrong.out.includes('the token is refused (401)')]).toEqual([1, true]);
    expect(wrong.out).toContain('→ Make one with "tachograph token create --role write"');
    const reading = await said(url, read);
    expect([reading.code, reading.out.includes('its role is read')]).toEqual([1, true]);
    const writing = await said(url, write);
    expect([writing.code, writing.out.includes('the token has the role write')]).toEqual([0, true]);
    expect(writing.out).toContain('attention  the ledger may not be read (403)');
    const both = await said(url, admin);
    expect([both.code, both.out.includes('the token has the role admin')]).toEqual([0, true]);
    expect(both.out).toContain('no service has sent anything yet');
  });

  it('that a collector on this machine does not ask for is no merit of the token', async () => {
    const { code, out } = await said(await startReal(), 'some-token');
    expect([code, out.includes('asks for no token')]).toEqual([0, true]);
  });

  it('for reading opens the ledger', async () => {
    const url = await startReal({ token: 'for-sending', readToken: 'for-reading' });
    const env = { ...base, TACHOGRAPH_URL: url, TACHOGRAPH_TOKEN: 'for-sending' };
    const { code, out } = await doctor({ ...env, TACHOGRAPH_COLLECTOR_READ_TOKEN: 'for-reading' });
    expect([code, out.includes('no service has sent anything yet')]).toEqual([0, true]);
    expect(out).not.toContain('for-reading');
  });
});

describe('a clock', () => {
  const MINUTE_MS = 60_000;
  it.each([
    [3 * MINUTE_MS, 0, 'attention  this machine’s clock is 3 min ahead of the collector’s'],
    [-3 * MINUTE_MS, 0, 'attention  this machine’s clock is 3 min behind the collector’s'],
    [12_000, 0, 'Less than 30 s are not corrected'],
    [49 * 60 * MINUTE_MS, 1, 'is 2 days ahead of the collector’s: its batches are refused'],
  ])('that differs by %i ms', async (aheadMs, code, said) => {
    const url = await startFake((response, request, index) => {
      const date = new Date(Date.now() - aheadMs).toUTCString();
      asCollector({ date })(response, request, index);
    });
    const outcome = await doctor({ ...base, TACHOGRAPH_URL: url });
    expect(outcome.out).toContain(said);
    expect(outcome.code).toBe(code);
  });
});

describe('a hostile name', () => {
  const NAME = '\u001b]0;x\u0007sh\u009b2Jop\r\n  ok         all is well\u202e';

  it('of a service moves no cursor and begins no line', async () => {
    const url = await startReal();
    await record(url, { service: NAME, agent: 'host:1' });
    const { out } = await doctor({ ...base, TACHOGRAPH_URL: url });
    expect(out).toContain('host:1 of ·]0;x·sh·2Jop··  ok         all is well·: recorded 3');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(out).not.toMatch(/^ {2}ok {9}all is well/m);
  });

  it('is in the JSON as it is, by escapes of JSON', async () => {
    const url = await startReal();
    await record(url, { service: NAME, agent: 'host:1' });
    const outcome = await doctor({ ...base, TACHOGRAPH_URL: url }, '--json');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(outcome.out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(findingsIn(outcome, 'process')[0]?.facts.service).toBe(NAME);
  });

  it('in what a server says of itself neither', async () => {
    const account = {
      ...{ agent: NAME, boot: NAME, service: NAME, recorded: 1, received: 0, pending: 0 },
      ...{ dropped: { [NAME]: 1 }, balanced: true, unaccounted: 0, lastSeenMs: Date.now() },
    };
    const url = await startFake((response, { method, path }) => {
      if (path.endsWith('/health')) return void response.end('{"status":"ok"}');
      response.statusCode = method === 'POST' ? 403 : 200;
      const error = { code: 'wrong_role', message: `got one that may ${NAME}` };
      response.end(JSON.stringify({ error, processes: [account] }));
    });
    const { code, out } = await doctor({ ...base, TACHOGRAPH_URL: url });
    expect(code).toBe(1);
    expect(out).toContain('its role is another');
    expect(out).toContain('dropped 1 (·]0;x·sh');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  });
});

describe('the configuration', () => {
  it('with a problem is trouble, in the words of "tachograph config"', async () => {
    const url = await startReal();
    const env = { ...base, TACHOGRAPH_URL: `${url},gopher://x`, TACHOGRAPH_DIGITS: '9' };
    const ca = join(folder, 'missing.pem');
    const { code, out } = await doctor({ ...env, TACHOGRAPH_CA: ca });
    expect(code).toBe(1);
    expect(out).toContain('trouble    TACHO_OPTION_INVALID: TACHOGRAPH_DIGITS: expected a whole');
    expect(out).toContain('trouble    TACHO_DESTINATION_INVALID: TACHOGRAPH_URL "gopher://x"');
    expect(out).toContain('trouble    TACHO_OPTION_INVALID: TACHOGRAPH_CA: expected a file');
  });

  it('that switches the agent off is pointed out', async () => {
    const url = await startReal();
    const env = { ...base, TACHOGRAPH_URL: url, TACHOGRAPH_ENABLED: 'off' };
    const { code, out } = await doctor(env);
    expect([code, out.includes('the agent is switched off by TACHOGRAPH_ENABLED')]).toEqual([
      0,
      true,
    ]);
  });
});

describe('the command line', () => {
  const exitCode = (...args: string[]): number | null => {
    const env = { PATH: process.env.PATH ?? '', TACHOGRAPH_URL: 'stdout:', ...base };
    return spawnSync(process.execPath, [MAIN, 'doctor', ...args], { env }).status;
  };

  it('ends with 0 without trouble, with 2 when it is not understood', () => {
    expect(exitCode()).toBe(0);
    expect(exitCode('--help')).toBe(0);
    expect(exitCode('--bogus')).toBe(2);
    expect(exitCode('http://127.0.0.1:4600')).toBe(2);
  });
});
