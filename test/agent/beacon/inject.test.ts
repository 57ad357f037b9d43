/** The beacon's tag in real responses, compared with the same application without it. */
import { beforeAll, describe, expect, it } from 'vitest';
import { NODES } from '../../support/nodes.js';
import { runApp } from '../../support/run-app.js';

interface Answer {
  readonly status?: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly bytes: number;
}
interface Said {
  readonly http1: Readonly<Record<string, Answer>>;
  readonly http2: Readonly<Record<string, Answer>>;
  readonly injected: Answer;
}

const ENV = {
  TACHOGRAPH_BEACON: 'inject',
  TACHOGRAPH_BEACON_SCRIPT: 'https://tacho.example/tachograph.js',
  TACHOGRAPH_BEACON_KEY: 'key-of-the-shop',
};
const TAG =
  '<script async src="https://tacho.example/tachograph.js" data-key="key-of-the-shop"></script>';
const PAGES = [
  ...['end', 'buffer', 'head', 'list', 'flushed', 'allowed', 'missing'].map(
    (way) => `plain ${way}`,
  ),
  ...['plain refused', 'plain refusedLate', 'plain refusedAtEnd'],
  ...['express page', 'fastify page', 'koa page', 'asked on plain HTTP'],
];
const OTHERS = [
  ...[
    'forbidden',
    'json',
    'text',
    'zipped',
    'wide',
    'exact',
    'notModified',
    'noContent',
    'empty',
  ].map((way) => `plain ${way}`),
  ...['express json', 'fastify json', 'koa json'],
  ...['asked by fetch', 'asked by a part', 'asked by a program', 'asked for an image'],
  'asked for the head',
];

describe.each(NODES)('on Node.js $major', ({ binary }) => {
  let bare: Said;
  let on: Said;
  let warnings: string;
  beforeAll(async () => {
    const said = async (options: Parameters<typeof runApp>[1]) => {
      const run = await runApp('beacon-pages.mjs', { ...options, node: binary });
      expect(run.code).toBe(0);
      return run;
    };
    bare = JSON.parse((await said({ isBare: true })).stdout) as Said;
    const run = await said({ env: ENV });
    on = JSON.parse(run.stdout) as Said;
    warnings = run.stderr;
  }, 120_000);

  it.each(PAGES)('is behind the beginning of the head, and in the length: %s', (way) => {
    const [before, after] = [bare.http1[way]!, on.http1[way]!];
    expect(after.body).toBe(before.body.replace('<head lang="en">', `<head lang="en">${TAG}`));
    expect(after.body).toContain(TAG);
    const { 'content-length': length } = before.headers;
    expect(after.headers['content-length']).toBe(
      length === undefined ? undefined : String(Number(length) + TAG.length),
    );
    expect(after.bytes).toBe(before.bytes + TAG.length);
    expect(after.status).toBe(before.status);
  });

  it.each(OTHERS)('is not in what is no page, which is as it was: %s', (way) => {
    const { 'server-timing': _timing, ...headers } = on.http1[way]!.headers;
    expect({ ...on.http1[way]!, headers }).toEqual(bare.http1[way]);
  });

  it('is not in the answer to a call past the network, which is as it was', () => {
    expect(on.injected).toEqual(bare.injected);
    expect(on.injected.headers['content-length']).toBe(String(on.injected.bytes));
  });

  it('goes into the first chunk that holds a place for it, and last into a page without one', () => {
    const [before, after] = [bare.http1['plain streaming']!, on.http1['plain streaming']!];
    expect(after.body).toBe(before.body.replace('<!doctype html>', `<!doctype html>${TAG}`));
    expect(on.http1['plain bare']!.body).toBe(`<p>No head at all</p>${TAG}`);
  });

  it('has the nonce of the page’s policy', () => {
    expect(on.http1['plain nonce']!.body).toContain(
      TAG.replace('></script>', ' nonce="abc123"></script>'),
    );
  });

  it('says once when a policy forbids it', () => {
    expect(warnings.match(/TACHO_BEACON_OFF/g)).toHaveLength(1);
    expect(warnings).toContain('Content-Security-Policy');
  });

  it('is in pages of HTTP/2 alike', () => {
    for (const path of ['/page', '/length', '/parts']) {
      const [before, after] = [bare.http2[path]!, on.http2[path]!];
      expect(after.bytes).toBe(before.bytes + TAG.length);
      expect(after.body.replace(TAG, '')).toBe(before.body);
    }
    expect(on.http2['/length']!.headers['content-length']).toBe(String(on.http2['/length']!.bytes));
    expect(on.http2['/page']!.body).toContain(`<head lang="en">${TAG}`);
    const { 'server-timing': _timing, ...headers } = on.http2['/json']!.headers;
    expect({ ...on.http2['/json']!, headers }).toEqual(bare.http2['/json']);
  });

  it('comes with trace and route by Server-Timing, for pages and calls, and not for files', () => {
    const TRACE = /^traceparent;desc="00-[\da-f]{32}-[\da-f]{16}-01"/;
    const timing = (way: string): string | undefined => on.http1[way]!.headers['server-timing'];
    for (const name of ['express', 'fastify', 'koa']) {
      expect(timing(`${name} page`)).toMatch(TRACE);
      expect(timing(`${name} page`)).toContain(', route;desc="/page"');
    }
    expect(timing('asked by fetch')).toMatch(TRACE);
    expect(timing('asked for an image')).toBeUndefined();
    expect(on.http2['/page']!.headers['server-timing']).toMatch(TRACE);
  });
});

it('is left out, and said to be, without a key or a script', async () => {
  const { TACHOGRAPH_BEACON_KEY: _key, ...env } = ENV;
  const run = await runApp('beacon-pages.mjs', { env });
  expect(run.code).toBe(0);
  expect(run.stderr).toContain('expected TACHOGRAPH_BEACON_KEY');
  expect(run.stdout).not.toContain('tacho.example/tachograph.js\\"');
});

describe('without the option', () => {
  it('every response is as it was', async () => {
    const bare = await runApp('beacon-pages.mjs', { isBare: true });
    const off = await runApp('beacon-pages.mjs', {
      env: { ...ENV, TACHOGRAPH_BEACON: 'off' },
    });
    expect(off.stderr).toBe('');
    expect(JSON.parse(off.stdout)).toEqual(JSON.parse(bare.stdout));
  });

  it('TACHOGRAPH_SERVER_TIMING adds its header and nothing else', async () => {
    const bare = JSON.parse((await runApp('beacon-pages.mjs', { isBare: true })).stdout) as Said;
    const env = { TACHOGRAPH_SERVER_TIMING: 'on' };
    const told = JSON.parse((await runApp('beacon-pages.mjs', { env })).stdout) as Said;
    for (const way of [...PAGES, ...OTHERS]) {
      const { 'server-timing': timing, ...headers } = told.http1[way]!.headers;
      expect({ ...told.http1[way]!, headers }).toEqual(bare.http1[way]);
      expect(timing === undefined).toBe(way === 'asked for an image');
    }
  });
});
