/** Fault 26 (certificates), and the way through proxies, over real sockets. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BACKOFF_MAX_MS } from '../../src/transport/backoff.js';
import { createSender } from '../../src/transport/create-sender.js';
import { parseDestinations } from '../../src/transport/destination.js';
import { Lane } from '../../src/transport/lane.js';
import { type Network, networkOf } from '../../src/transport/network.js';
import { readAuthorities } from '../../src/transport/read-authorities.js';
import type { Sender } from '../../src/transport/sender.js';
import {
  type Authority,
  type Certificate,
  canMakeCertificates,
  makeAuthority,
} from '../support/certificates.js';
import { NAME, type ProxyServer, startProxy } from '../support/proxy-server.js';
import { sampleBatch, sampleParcel } from './sample-batch.js';
import { answer, TestServer } from './test-server.js';
import { VirtualClock } from './virtual-clock.js';

const NAMES = 'DNS:localhost,IP:127.0.0.1';

let folder: string;
let authority: Authority;
let trusted: Certificate;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tacho-tls-'));
  if (!canMakeCertificates) return;
  authority = makeAuthority(folder);
  trusted = authority.issue(NAMES, 1);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface TlsServer {
  readonly url: string;
  readonly tokens: (string | undefined)[];
}

async function serveTls({ key, cert }: Certificate): Promise<TlsServer> {
  const tokens: (string | undefined)[] = [];
  const server = createServer({ key, cert }, (request, response) => {
    tokens.push(request.headers.authorization);
    request.resume().on('end', () => response.end());
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, tokens };
}

async function senderTo(url: string, network: Partial<Network> = {}): Promise<Sender> {
  const { destinations } = parseDestinations([url]);
  const full: Network = { ...networkOf(), ...network };
  const sender = await createSender(destinations[0]!, 'hunter2', Date.now, full);
  cleanups.push(() => sender.close());
  return sender;
}

async function proxy(status?: number): Promise<ProxyServer> {
  const server = await startProxy(status);
  cleanups.push(() => server.stop());
  return server;
}

/** By a name that the proxy alone can resolve: no proxy is asked for a loopback address. */
const named = (url: string): string => url.replace('127.0.0.1', NAME);

describe.runIf(canMakeCertificates)('a certificate', () => {
  it('of an authority in TACHOGRAPH_CA is trusted', async () => {
    const { url, tokens } = await serveTls(trusted);
    const ca = readAuthorities(authority.certPath, () => expect.unreachable());
    const sender = await senderTo(url, { ca });
    for (const sequence of [1, 2]) {
      expect(await sender.send(sampleParcel(sequence), 5000)).toEqual({ kind: 'accepted' });
    }
    expect(tokens).toEqual(['Bearer hunter2', 'Bearer hunter2']);
  });

  it.each([
    ['that nobody vouches for', () => trusted, undefined, 'TACHOGRAPH_CA'],
    ['that has expired', () => authority.issue(NAMES, -1), 'ca', 'has expired'],
    ['of another host', () => authority.issue('DNS:other.example', 1), 'ca', 'for another host'],
    ['that signs itself', () => authority, undefined, 'nobody vouches'],
  ] as const)('%s is named for what it is, and told no secret', async (_name, make, ca, said) => {
    const { url, tokens } = await serveTls(make());
    const sender = await senderTo(url, { ca: ca && readFileSync(authority.certPath, 'utf8') });
    expect(await sender.send(sampleParcel(), 5000)).toMatchObject({
      kind: 'retry',
      code: 'TACHO_TLS_FAILED',
      needsMending: true,
      reason: expect.stringContaining(said),
    });
    expect(tokens).toEqual([]);
  });

  it('is reported at the first attempt, and asked for again with backoff', async () => {
    const { url } = await serveTls(trusted);
    const told: string[] = [];
    const clock = new VirtualClock();
    const lane = new Lane({
      label: url,
      boot: sampleBatch().identity.boot,
      sender: await senderTo(url),
      spool: undefined,
      account: new Float64Array(8),
      clock,
      random: () => 0.5,
      onTrouble: (code) => told.push(code),
    });
    cleanups.push(() => lane.close());
    lane.offer({ ...sampleBatch(), ledger: { recorded: 3, dropped: {}, outside: 0 } });
    while (lane.state().failures === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(told).toEqual(['TACHO_TLS_FAILED']);
    expect(lane.state().nextAttemptMs).toBeLessThanOrEqual(clock.nowMs() + BACKOFF_MAX_MS);
  });
});

it('a server without TLS at an https address is told by name', async () => {
  const server = await TestServer.start(answer(200));
  cleanups.push(() => server.stop());
  const sender = await senderTo(server.url.replace('http:', 'https:'));
  expect(await sender.send(sampleParcel(), 5000)).toMatchObject({
    code: 'TACHO_TLS_FAILED',
    reason: expect.stringContaining('does not speak TLS'),
  });
  expect(server.received).toEqual([]);
});

it.each([
  [40, 'handshake failure'],
  [70, 'protocol version'],
  [116, 'certificate required'],
])(
  'a server that breaks TLS off with alert %i is told in its own words: %s',
  async (alert, said) => {
    const server = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      // RFC 8446, 5.1 and 6: a record of the kind alert, and in it a fatal one.
      socket.once('data', () => socket.end(Buffer.from([21, 3, 3, 0, 2, 2, alert])));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    cleanups.push(() => void server.close());
    const sender = await senderTo(`https://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const outcome = await sender.send(sampleParcel(), 5000);
    expect(outcome).toMatchObject({ code: 'TACHO_TLS_FAILED', needsMending: true });
    expect(outcome).toHaveProperty('reason', expect.stringContaining(said));
    expect(outcome).not.toHaveProperty('reason', expect.stringContaining('http://?'));
  },
);

describe('the file of TACHOGRAPH_CA', () => {
  it.each([
    ['is not there', undefined],
    ['holds none', 'hello'],
    ['holds a broken one', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'],
  ])('that %s is reported, and the authorities of Node.js are used', (_name, text) => {
    const path = join(folder, 'odd.pem');
    rmSync(path, { force: true });
    if (text !== undefined) writeFileSync(path, text);
    const told: string[] = [];
    expect(readAuthorities(path, (code, detail) => told.push(`${code} ${detail}`))).toBeUndefined();
    expect(told).toEqual([
      expect.stringMatching(/^TACHO_OPTION_INVALID TACHOGRAPH_CA: expected a file with cert/),
    ]);
  });

  it('that is not named is not missed', () => {
    expect(readAuthorities('', () => expect.unreachable())).toBeUndefined();
  });
});

describe('a proxy for http', () => {
  it('gets the whole address and its own credentials, and keeps its connection', async () => {
    const server = await TestServer.start(answer(200));
    cleanups.push(() => server.stop());
    const between = await proxy();
    const environment = { HTTP_PROXY: between.url.replace('//', '//bob:pass@') };
    const sender = await senderTo(named(server.url), { environment });
    for (const sequence of [1, 2]) {
      expect(await sender.send(sampleParcel(sequence), 5000)).toEqual({ kind: 'accepted' });
    }
    const target = `${named(server.url)}/v1/batches`;
    const authorization = `Basic ${Buffer.from('bob:pass').toString('base64')}`;
    expect(between.asked).toEqual(Array(2).fill({ method: 'POST', target, authorization }));
    expect(server.received[0]!.headers.authorization).toBe('Bearer hunter2');
  });

  it('that wants credentials is told by name', async () => {
    const between = await proxy(407);
    const environment = { HTTP_PROXY: between.url };
    const sender = await senderTo('http://metrics.example', { environment });
    expect(await sender.send(sampleParcel(), 5000)).toMatchObject({
      kind: 'retry',
      afterMs: 60_000,
      needsMending: true,
      reason: expect.stringContaining('the proxy asks for credentials'),
    });
  });

  it('that cannot be used costs no batch', async () => {
    const environment = { HTTP_PROXY: 'socks5://127.0.0.1:1' };
    const sender = await senderTo('http://metrics.example', { environment });
    expect(await sender.send(sampleParcel(), 5000)).toMatchObject({
      kind: 'retry',
      afterMs: 60_000,
      needsMending: true,
      reason: expect.stringContaining('HTTP_PROXY: expected http://'),
    });
  });
});

describe.runIf(canMakeCertificates)('a proxy for https', () => {
  it('opens one tunnel for batch after batch, and sees nothing of them', async () => {
    const { cert, key } = authority.issue(`DNS:${NAME}`, 1);
    const { url, tokens } = await serveTls({ cert, key, certPath: '' });
    const between = await proxy();
    const sender = await senderTo(named(url), {
      environment: { https_proxy: between.url.replace('//', '//bob:pass@') },
      ca: readFileSync(authority.certPath, 'utf8'),
    });
    for (const sequence of [1, 2, 3]) {
      expect(await sender.send(sampleParcel(sequence), 5000)).toEqual({ kind: 'accepted' });
    }
    expect(tokens).toHaveLength(3);
    const target = new URL(named(url)).host;
    const authorization = `Basic ${Buffer.from('bob:pass').toString('base64')}`;
    expect(between.asked).toEqual([{ method: 'CONNECT', target, authorization }]);
  });

  it('does not stand in for the server’s certificate', async () => {
    const { url, tokens } = await serveTls(trusted);
    const between = await proxy();
    const sender = await senderTo(named(url), {
      environment: { HTTPS_PROXY: between.url },
      ca: readFileSync(authority.certPath, 'utf8'),
    });
    const outcome = await sender.send(sampleParcel(), 5000);
    expect(outcome).toMatchObject({ code: 'TACHO_TLS_FAILED' });
    expect(tokens).toEqual([]);
  });
});

describe('a tunnel', () => {
  it.each([
    // Wrong credentials that are tried every few seconds may lock an account.
    [407, 'asks for credentials (407)', 60_000],
    [502, 'answered 502 to CONNECT', undefined],
  ])('that is refused with %i is a failure that names the proxy', async (status, said, afterMs) => {
    const between = await proxy(status);
    const environment = { HTTPS_PROXY: between.url.replace('//', '//bob:hunter3@') };
    const sender = await senderTo('https://metrics.example', { environment });
    const outcome = await sender.send(sampleParcel(), 5000);
    expect(outcome).toMatchObject({ kind: 'retry', reason: expect.stringContaining(said) });
    expect((outcome as { afterMs?: number }).afterMs).toBe(afterMs);
    expect('needsMending' in outcome).toBe(afterMs !== undefined);
    expect(JSON.stringify(outcome)).not.toContain('hunter');
  });

  it('that is never opened is given up, and closing gives up at once', async () => {
    const between = await startProxy(0);
    cleanups.push(() => between.stop());
    const environment = { HTTPS_PROXY: between.url };
    const sender = await senderTo(`https://${NAME}`, { environment });
    expect(await sender.send(sampleParcel(), 200)).toMatchObject({
      kind: 'retry',
      reason: expect.stringContaining('no answer within 200 ms'),
    });
    const { length } = between.asked;
    const waiting = sender.send(sampleParcel(), 60_000);
    while (between.asked.length === length) await new Promise((resolve) => setTimeout(resolve, 5));
    await sender.close();
    expect(await waiting).toMatchObject({ kind: 'retry' });
  });
});
