/** Trace Context on outbound calls: whose it is, and who gets none. */
import { describe, expect, it } from 'vitest';
import { createPropagation } from '../../src/agent/propagation.js';
import { Unit } from '../../src/agent/unit.js';
import { isPrivate } from '../../src/shared/host-name.js';
import { runApp } from '../support/run-app.js';

const OWN = '00-11111111111111111111111111111111-2222222222222222-00';
/** Of the caller, as the fixture sends it. */
const CARRIED = /^00-0af7651916cd43dd8448eb211c80319c-(?!b7ad6b7169203331)[\da-f]{16}-01$/;

type Arrived = Readonly<Record<string, { traceparent?: string; tracestate?: string }>>;

async function arrived(env: Readonly<Record<string, string>>): Promise<Arrived> {
  const { code, stdout, stderr } = await runApp('propagation.mjs', { env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as Arrived;
}

/** The calls that carried a trace context which the application had not set itself. */
function carriers(all: Arrived): string[] {
  return Object.keys(all).filter((name) => ![undefined, OWN].includes(all[name]?.traceparent));
}

const WITH_CONTEXT = { TACHOGRAPH_CONTEXT: 'on' };

describe('a call that a request makes', () => {
  it('carries on the trace that came with the request, to hosts of one’s own', async () => {
    const all = await arrived(WITH_CONTEXT);
    expect(carriers(all)).toEqual([
      ...['inside-get', 'inside-post', 'inside-fetch', 'inside-undici'],
      // By a proxy, and not what that is asked for at a stranger's.
      'inside-of-orders',
    ]);
    for (const name of carriers(all)) {
      expect(all[name]).toEqual({
        traceparent: expect.stringMatching(CARRIED),
        tracestate: 'vendor=1',
      });
    }
  });

  it('keeps a header that the application set itself', async () => {
    const all = await arrived(WITH_CONTEXT);
    for (const name of ['inside-own', 'inside-fetch-own', 'outside-own']) {
      expect(all[name]).toEqual({ traceparent: OWN });
    }
  });

  it.each([
    ['api.example.com', 'private', 0],
    ['api.example.com', '*.example.com', 2],
    ['api.example.com', 'all', 2],
    ['orders', 'private', 2],
    ['orders', 'none', 0],
  ])('to %s with TACHOGRAPH_PROPAGATE=%s: %i of 2 carry it', async (host, propagate, count) => {
    const env = { ...WITH_CONTEXT, TACHOGRAPH_TEST_HOST: host, TACHOGRAPH_PROPAGATE: propagate };
    expect(carriers(await arrived(env))).toHaveLength(count);
  });
});

it('a connection that is none of HTTP does not load node:http', async () => {
  const { stdout } = await runApp('connects.mjs');
  expect(stdout.trim()).toBe('false');
});

it('a call of nobody carries nothing', () => {
  const set: string[] = [];
  const propagate = createPropagation(['all']);
  propagate(undefined, 'localhost', (name) => set.push(name));
  expect(set).toEqual([]);
  propagate(new Unit(0), 'localhost', (name) => set.push(name));
  expect(set).toEqual(['traceparent']);
});

describe('a host of one’s own', () => {
  it.each(
    'localhost 127.0.0.1 ::1 10.1.2.3 192.168.0.9 172.16.0.1 172.31.9.9 169.254.1.1 100.64.0.1 fd00::1 fe80::1 orders my-db db.svc.cluster.local a.internal'.split(
      ' ',
    ),
  )('is %s', (host) => expect(isPrivate(host)).toBe(true));

  it.each(
    'example.com 8.8.8.8 172.32.0.1 100.128.0.1 11.0.0.1 2001:db8::1 10.example.com local.example.com fd.example.com 12345 0x7f000001.com'.split(
      ' ',
    ),
  )('is not %s', (host) => expect(isPrivate(host)).toBe(false));

  it('is told by going through a name once, however long it is', () => {
    expect(isPrivate('a'.repeat(300_000))).toBe(true);
    expect(isPrivate(`${'a'.repeat(300_000)}!`)).toBe(false);
  });
});
