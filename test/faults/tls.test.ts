/**
 * Fault 26 of the guarantees: a collector behind TLS whose certificate is not to be trusted, until it is
 * renewed. Real agent, real collector, a TLS server between them. The agent trusts what Node.js trusts, with
 * NODE_EXTRA_CA_CERTS too; TACHOGRAPH_CA is test/agent/tls.test.ts's.
 */
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createServer, type Server } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Certificate,
  type Certificates,
  makeCertificates,
  opensslIsThere,
} from '../support/certificates.js';
import {
  type CollectorProcess,
  endProcess,
  startCollectorProcess,
} from '../support/collector-process.js';
import { accountsOf } from '../support/oracle/ask-collector.js';
import { Producer } from '../support/oracle/producer.js';
import { makeFolder } from '../support/run-app.js';
import { isBacklogSent } from './backlog.js';
import { complaintsOfEnd, warningsOf } from './behaviour.js';

/** After so many failures the agent says what is wrong. */
const FAILURES = 3;
const folder = makeFolder();
const cleanups: (() => unknown)[] = [];
let certificates: Certificates;
let collector: CollectorProcess;

interface Front {
  readonly url: string;
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
  const front: Front = { url: `https://127.0.0.1:${port}`, server, failures: 0 };
  server.on('tlsClientError', () => {
    front.failures += 1;
  });
  return front;
}

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

const canMake = opensslIsThere || process.env.CI !== undefined;

describe.runIf(canMake).concurrent('a collector behind TLS', () => {
  beforeAll(async () => {
    certificates = makeCertificates(folder.path);
    collector = await startCollectorProcess(`${folder.path}/data`);
  });
  afterAll(async () => {
    for (const cleanup of cleanups.reverse()) await cleanup();
    await endProcess(collector.child, 'SIGKILL');
    folder.remove();
  });

  it('gets every record when an authority that was named vouches for it', async () => {
    const front = await startFront(certificates.good);
    const env = { NODE_EXTRA_CA_CERTS: certificates.authority };
    const producer = produce('tls-good', front.url, env);
    await producer.beats(50);
    expect(await producer.isFreshSoon(collector.url)).toBe(true);
    expect(await finish(producer)).toEqual({ stderr: '', complaints: [] });
  });

  it.each([
    ['expired', 'certificate has expired'],
    ['otherHost', 'its certificate is for another host'],
    ['selfSigned', 'self-signed certificate'],
  ] as const)(
    'gets nothing while its certificate is bad (%s), and everything once it is renewed',
    { timeout: 90_000 },
    async (fault, said) => {
      const service = `tls-${fault}`;
      const front = await startFront(certificates[fault]);
      const env = { NODE_EXTRA_CA_CERTS: certificates.authority };
      const producer = produce(service, front.url, env);
      while (front.failures < FAILURES) await sleep(20);
      await producer.beats(20);
      expect(await accountsOf(collector.url, service)).toEqual([]);
      front.server.setSecureContext(certificates.good);
      expect(await producer.isFreshSoon(collector.url)).toBe(true);
      const { stderr, complaints } = await finish(producer);
      expect(complaints).toEqual([]);
      expect(stderr).toContain(said);
    },
  );

  it('gets nothing when nobody named the authority that vouches for it', async () => {
    const front = await startFront(certificates.good);
    const producer = produce('tls-unknown', front.url, {});
    while (front.failures < FAILURES) await sleep(20);
    await producer.beats(20);
    const end = await producer.finish();
    expect(complaintsOfEnd(end)).toEqual([]);
    expect(end.stderr).toContain('name the file of its authority in TACHOGRAPH_CA');
    expect(await accountsOf(collector.url, 'tls-unknown')).toEqual([]);
  });
});
