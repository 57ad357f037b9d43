import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { busyBatch, SERIES } from '../../bench/micro/batch.js';
import { checkReceived } from '../../bench/processes/check-received.js';
import { childEnv } from '../../bench/processes/child-env.js';
import { OTLP } from '../../bench/sinks/otlp.js';
import { type BenchSink, startSink } from '../../bench/sinks/sink.js';
import { TACHOGRAPH } from '../../bench/sinks/tachograph.js';
import { createRandom } from '../../bench/statistics/random.js';
import { encodeBatch } from '../../src/transport/encode-batch.js';

const BATCH = Buffer.from(encodeBatch(busyBatch(createRandom(1))));
const REQUESTS = SERIES * 2000;

let sink: BenchSink;
beforeEach(async () => {
  sink = await startSink(TACHOGRAPH);
});
afterEach(() => sink.close());

function post(body: Buffer, sequence: number, headers: Record<string, string> = {}) {
  return fetch(`${sink.url}/v1/batches`, {
    method: 'POST',
    body: Uint8Array.from(body),
    headers: { 'tachograph-boot': 'b', 'tachograph-sequence': String(sequence), ...headers },
  });
}

describe('sink', () => {
  it('counts the requests of a batch, plain or gzipped', async () => {
    expect((await post(BATCH, 1)).status).toBe(200);
    const zipped = gzipSync(BATCH);
    expect((await post(zipped, 2, { 'content-encoding': 'gzip' })).status).toBe(200);
    expect(sink.received).toMatchObject({ requests: 2 * REQUESTS, batches: 2, refused: [] });
    expect(sink.received.wireBytes).toBe(BATCH.length + zipped.length);
  });

  it('counts a batch that comes twice once', async () => {
    await post(BATCH, 1);
    await post(BATCH, 1);
    expect(sink.received.requests).toBe(REQUESTS);
  });

  it.each([
    ['that is no batch', Buffer.from('hello'), {}],
    ['that is cut off', BATCH.subarray(0, 100), {}],
    ['of an unknown encoding', BATCH, { 'content-encoding': 'br' }],
  ])('refuses a body %s and remembers it', async (_what, body, headers) => {
    expect((await post(body, 1, headers)).status).toBe(400);
    expect(sink.received).toMatchObject({ requests: 0, batches: 0 });
    expect(sink.received.refused).toHaveLength(1);
  });

  it('refuses another path', async () => {
    expect((await fetch(`${sink.url}/v1/metrics`, { method: 'POST' })).status).toBe(400);
    expect(sink.received.refused[0]).toContain('/v1/metrics');
  });
});

describe('check of what was received', () => {
  const received = { requests: 10, batches: 1, wireBytes: 1, dropped: {}, refused: [] };
  const silence = { ...received, requests: 0, batches: 0 };
  const on = { name: 'on', protocol: TACHOGRAPH };

  it('accepts every request, once', () => {
    expect(() => checkReceived(on, 10, received)).not.toThrow();
  });

  it('does not accept a request too few or too many', () => {
    expect(() => checkReceived(on, 11, received)).toThrow('expected 11 requests');
    expect(() => checkReceived(on, 9, received)).toThrow('got 10');
  });

  it('does not accept an agent that sent nothing, even where nothing was due', () => {
    expect(() => checkReceived(on, 0, silence)).toThrow('none');
  });

  it('accepts the silence of a peer that has nothing to report, but not when requests were sent', () => {
    const peer = { name: 'peer', protocol: OTLP };
    expect(() => checkReceived(peer, 0, silence)).not.toThrow();
    expect(() => checkReceived(peer, 1, silence)).toThrow('none');
  });

  it('does not accept a refused batch', () => {
    expect(() => checkReceived(on, 10, { ...received, refused: ['no'] })).toThrow('no');
  });

  it('does not accept anything from an arm that must export nothing', () => {
    const off = { name: 'off' };
    expect(() => checkReceived(off, 10, silence)).not.toThrow();
    expect(() => checkReceived(off, 10, { ...silence, refused: ['POST /'] })).toThrow('POST /');
  });
});

describe('environment of a measured process', () => {
  it('keeps what the caller has and adds what the arm sets', () => {
    expect(childEnv({ PATH: '/bin', LANG: 'C' }, { TACHOGRAPH_URL: 'x' })).toEqual({
      PATH: '/bin',
      LANG: 'C',
      NODE_ENV: 'production',
      TACHOGRAPH_URL: 'x',
    });
  });

  it.each([
    'NODE_OPTIONS',
    'TACHOGRAPH_ENABLED',
    'OTEL_SDK_DISABLED',
    'DD_TRACE_ENABLED',
    'ELASTIC_APM_ACTIVE',
    'SENTRY_DSN',
    'BENCH_PEER_FOLDER',
  ])('does not pass %s on, which could switch an agent on or off', (name) => {
    expect(childEnv({ [name]: '1' }, {})).not.toHaveProperty(name);
  });
});
