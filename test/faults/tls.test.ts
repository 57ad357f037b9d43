/**
 * Fault 26 of the guarantees: a collector behind TLS whose certificate is not to be trusted, until it is
 * renewed. Real agent, real collector, a TLS server between them, and where it is said a proxy.
 */
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createServer, type Server } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Authority,
  type Certificate,
  canMakeCertificates,
  makeAuthority,
} from '../support/certificates.js';
import {
  type CollectorProcess,
  endProcess,
  startCollectorProcess,
} from '../support/collector-process.js';
import { accountsOf } from '../support/oracle/ask-collector.js';
import { Producer } from '../support/oracle/producer.js';
import { NAME, type ProxyServer, startProxy } from '../support/proxy-server.js';
import { makeFolder } from '../support/run-app.js';
import { isBacklogSent } from './backlog.js';
import { complaintsOfEnd, warningsOf } from './behaviour.js';

let folder: ReturnType<typeof makeFolder>;
const cleanups: (() => unknown)[] = [];
let authority: Authority;
let stranger: Authority;
let good: Certificate;
let collector: CollectorProcess;
let proxy: ProxyServer;

interface Front {
  readonly port: number;
  readonly server: Server;
  /** Handshakes that the client broke off. */
  failures: number;
}

/** Decrypts for the collector. */
async function startFront(certificate: Certificate): Promise<Front> {
  const sockets = new Set<Socket>();
  const target = Number(new URL(collector.url).port);
  const server = createServer(certificate, (socket) => {
    const onwards = connect(target, '127.0.0.1');
    for (const one of [socket, onwards]) one.on('error', () => undefined);
    socket.pipe(onwards).pipe(socket);
  });
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as { port: number };
  const front: Front = { port, server, failures: 0 };
  server.on('tlsClientError', () => {
    front.failures += 1;
  });
  return front;
}

const urlOf = ({ port }: Front): string => `https://127.0.0.1:${port}`;

function produce(service: string, url: string, env: Readonly<Record<string, string>>): Producer {
  const own = makeFolder();
  const producer = new Producer({ service, url, folder: own.path, env });
  cleanups.push(own.remove, () => producer.kill());
  return producer;
}

async function finish(producer: Producer): Promise<{ stderr: string; complaints: string[] }> {
  expect(await isBacklogSent(producer.folder)).toBe(true);
  const end = await producer.finish();
  const complaints = [...complaintsOfEnd(end), ...(await producer.complaints(collector.url))];
  expect(warningsOf(end).filter((code) => code !== 'TACHO_TLS_FAILED')).toEqual([]);
  return { stderr: end.stderr, complaints };
}

describe.runIf(canMakeCertificates).concurrent('a collector behind TLS', () => {
  beforeAll(async () => {
    folder = makeFolder();
    authority = makeAuthority(`${folder.path}/authority`);
    stranger = makeAuthority(`${folder.path}/stranger`);
    good = authority.issue(`IP:127.0.0.1,DNS:${NAME}`, 2);
    collector = await startCollectorProcess(`${folder.path}/data`, ['--allow-host', NAME]);
    proxy = await startProxy();
  });
  afterAll(async () => {
    for (const cleanup of cleanups.reverse()) await cleanup();
    await proxy.stop();
    await endProcess(collector.child, 'SIGKILL');
    folder.remove();
  });

  it.each([
    ['in NODE_EXTRA_CA_CERTS', '127.0.0.1', () => ({ NODE_EXTRA_CA_CERTS: authority.certPath })],
    ['in TACHOGRAPH_CA', '127.0.0.1', () => ({ TACHOGRAPH_CA: authority.certPath })],
    [
      'in NODE_EXTRA_CA_CERTS, and another one in TACHOGRAPH_CA',
      '127.0.0.1',
      () => ({ NODE_EXTRA_CA_CERTS: authority.certPath, TACHOGRAPH_CA: stranger.certPath }),
    ],
    ['in TACHOGRAPH_CA, behind a proxy', NAME, () => ({ TACHOGRAPH_CA: authority.certPath })],
  ])(
    'gets every record when the authority that vouches for it is named %s',
    async (name, host, env) => {
      const front = await startFront(good);
      // Loopback addresses are reached without it.
      const environment = { HTTPS_PROXY: proxy.url, ...env() };
      const address = `${host}:${front.port}`;
      const service = `tls-good-${name.replaceAll(/\W+/g, '-')}`;
      const producer = produce(service, `https://${address}`, environment);
      await producer.beats(50);
      expect(await producer.isFreshSoon(collector.url)).toBe(true);
      expect(await finish(producer)).toEqual({ stderr: '', complaints: [] });
      const tunnels = proxy.asked.filter(({ target }) => target.endsWith(`:${front.port}`));
      const tunnel = { method: 'CONNECT', target: address, authorization: undefined };
      expect(tunnels).toEqual(host === NAME ? [tunnel] : []);
    },
  );

  it.each([
    ['expired', () => authority.issue('IP:127.0.0.1', -1), 'certificate has expired'],
    ['of another host', () => authority.issue(`DNS:${NAME}`, 2), 'is for another host'],
    ['self-signed', () => stranger, 'self-signed certificate'],
  ] as const)(
    'gets nothing while its certificate is bad (%s), and everything once it is renewed',
    { timeout: 90_000 },
    async (fault, make, said) => {
      const service = `tls-${fault.replaceAll(' ', '-')}`;
      const front = await startFront(make());
      const env = { NODE_EXTRA_CA_CERTS: authority.certPath };
      const producer = produce(service, urlOf(front), env);
      while (front.failures === 0) await sleep(20);
      await producer.beats(20);
      expect(await accountsOf(collector.url, service)).toEqual([]);
      front.server.setSecureContext(good);
      expect(await producer.isFreshSoon(collector.url)).toBe(true);
      const { stderr, complaints } = await finish(producer);
      expect(complaints).toEqual([]);
      expect(stderr).toContain(said);
    },
  );

  it('gets nothing when nobody named the authority that vouches for it', async () => {
    const front = await startFront(good);
    const producer = produce('tls-unknown', urlOf(front), {});
    while (front.failures === 0) await sleep(20);
    await producer.beats(20);
    const end = await producer.finish();
    expect(complaintsOfEnd(end)).toEqual([]);
    expect(warningsOf(end)).toEqual(['TACHO_TLS_FAILED']);
    expect(end.stderr).toContain('name the file of its authority in TACHOGRAPH_CA');
    expect(await accountsOf(collector.url, 'tls-unknown')).toEqual([]);
  });
});
