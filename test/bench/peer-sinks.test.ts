/** What the sinks make of bytes that the peers really sent: three requests to fastify-hello, one for Sentry. */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { PEERS } from '../../bench/peers/peers.js';
import { type BenchSink, startSink } from '../../bench/sinks/sink.js';

const exported = (name: string): Buffer =>
  readFileSync(new URL(`../fixtures/data/peer-exports/${name}`, import.meta.url));

const EXPORTS: Record<string, Export> = {
  'prom-client': {
    method: 'PUT',
    path: '/metrics/job/bench',
    file: 'prom-client.txt',
    requests: 3,
  },
  opentelemetry: {
    method: 'POST',
    path: '/v1/traces',
    file: 'opentelemetry.bin',
    type: 'application/x-protobuf',
    requests: 3,
  },
  'dd-trace': { method: 'PUT', path: '/v0.4/traces', file: 'dd-trace.bin', requests: 3 },
  'elastic-apm-node': {
    method: 'POST',
    path: '/intake/v2/events',
    file: 'elastic-apm-node.ndjson',
    requests: 3,
  },
  sentry: { method: 'POST', path: '/api/1/envelope/', file: 'sentry.ndjson', requests: 1 },
};

interface Export {
  method: string;
  path: string;
  file: string;
  type?: string;
  requests: number;
}

let sink: BenchSink | undefined;
afterEach(() => sink?.close());

async function sinkOf(name: string): Promise<BenchSink> {
  sink = await startSink(PEERS.find((peer) => peer.name === name)?.protocol);
  return sink;
}

async function send(to: BenchSink, { method, path, type }: Export, body: Buffer, encoding = '') {
  const headers = {
    'content-type': type ?? 'application/octet-stream',
    ...(encoding === '' ? {} : { 'content-encoding': encoding }),
  };
  const answer = await fetch(`${to.url}${path}`, { method, headers, body: Uint8Array.from(body) });
  await answer.arrayBuffer();
  return answer.status;
}

it('every peer has an export here that its sink is tested with', () => {
  expect(Object.keys(EXPORTS)).toEqual(PEERS.map(({ name }) => name));
});

describe.each(Object.entries(EXPORTS))('the sink of %s', (name, sent) => {
  it('counts the requests in what the peer sent, plain or gzipped', async () => {
    const { url, received, close } = await sinkOf(name);
    const body = exported(sent.file);
    expect(await send({ url, received, close }, sent, body)).toBeLessThan(300);
    expect(received).toMatchObject({ requests: sent.requests, batches: 1, refused: [] });
    await send({ url, received, close }, sent, gzipSync(body), 'gzip');
    // prom-client says again what it said before; all others report each request once.
    expect(received.requests).toBe(name === 'prom-client' ? 3 : 2 * sent.requests);
    expect(received.wireBytes).toBe(body.length + gzipSync(body).length);
  });

  it('refuses a body that is cut off, and counts nothing of it', async () => {
    const to = await sinkOf(name);
    const half = exported(sent.file).subarray(0, 100);
    expect(await send(to, sent, half)).toBe(400);
    expect(to.received).toMatchObject({ requests: 0, batches: 0 });
    expect(to.received.refused).toHaveLength(1);
  });

  it('refuses what belongs to another protocol', async () => {
    const to = await sinkOf(name);
    expect(await send(to, { ...sent, method: 'POST', path: '/v1/batches' }, Buffer.from(''))).toBe(
      400,
    );
    expect(to.received.refused[0]).toContain('/v1/batches');
  });
});

describe('what a peer asks before it sends', () => {
  it.each([
    ['dd-trace', '/info', 200],
    ['dd-trace', '/v0.7/config', 404],
    ['elastic-apm-node', '/', 200],
    ['elastic-apm-node', '/config/v1/agents?service.name=bench', 404],
  ])('%s gets an answer to %s', async (name, path, status) => {
    const to = await sinkOf(name);
    const answer = await fetch(`${to.url}${path}`);
    expect(answer.status).toBe(status);
    expect(to.received).toMatchObject({ requests: 0, batches: 0, refused: [] });
  });
});

it('metrics that OpenTelemetry sends besides are taken and are no requests', async () => {
  const to = await sinkOf('opentelemetry');
  const sent = { ...(EXPORTS.opentelemetry as Export), path: '/v1/metrics' };
  expect(await send(to, sent, Buffer.from([1, 2, 3]))).toBe(200);
  expect(to.received).toMatchObject({ requests: 0, batches: 0, wireBytes: 3 });
});
