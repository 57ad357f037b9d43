/** Koa's own responses in this process, and whether one is still held when it has gone. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
// @ts-expect-error: it has no types.
import Koa from 'koa';
// @ts-expect-error: it has none, either; it is what is patched.
import prototype from 'koa/lib/response.js';
import { beforeEach, expect, it } from 'vitest';
import { patchKoaJson } from '../../../src/agent/layers/koa-json.js';
import type { ProbeHost } from '../../../src/agent/probe.js';

interface Context {
  body: unknown;
  type: string;
  status: number;
  length: number;
  readonly response: { readonly writable: boolean };
  flushHeaders(): void;
}

let timed = 0;
const host = {
  recorder: { series: () => 1 },
  work: {
    endLayer: () => {
      timed += 1;
    },
  },
  warn: (code: string, detail: string) => {
    throw new Error(`${code} ${detail}`);
  },
} as unknown as ProbeHost;
patchKoaJson({ exports: prototype } as never, host);

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

beforeEach(() => {
  timed = 0;
});

/** Answers one request; what it gives is whether the context has gone by itself. */
async function answer(respond: (context: Context) => void, method = 'GET'): Promise<boolean> {
  const app = new Koa();
  let held: WeakRef<object> | undefined;
  app.use((context: Context) => {
    held = new WeakRef(context.response);
    respond(context);
  });
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await (await fetch(`http://127.0.0.1:${port}/`, { method })).arrayBuffer();
  server.close();
  server.closeAllConnections();
  for (let round = 0; round < 50 && held?.deref() !== undefined; round += 1) {
    await sleep(10);
    collect();
  }
  return held !== undefined && held.deref() === undefined;
}

it('a body that Koa makes into JSON is timed, once', async () => {
  expect(
    await answer((context) => {
      context.body = { a: 1 };
    }),
  ).toBe(true);
  expect(timed).toBe(1);
});

it.each([
  ['a buffer', () => Buffer.from('{}')],
  ['a stream', () => Readable.from(['{}'])],
  ['a blob', () => new Blob(['{}'])],
  ['a stream of the web', () => new Blob(['{}']).stream()],
  ['a response', () => new Response('{}')],
])('%s is not, though it is JSON, and is let go', async (_, make) => {
  const isGone = await answer((context) => {
    context.body = make();
    context.type = 'json';
  });
  expect(isGone).toBe(true);
  expect(timed).toBe(0);
});

it('a response whose body is made into no text is let go', async () => {
  expect(
    await answer((context) => {
      context.body = { a: 1 };
    }, 'HEAD'),
  ).toBe(true);
  const writesItself = await answer((context) => {
    context.body = { a: 1 };
    context.status = 200;
    context.flushHeaders();
  });
  expect(writesItself).toBe(true);
});

it('a length that is set by hand after a question of one’s own is not taken for text', async () => {
  await answer((context) => {
    context.body = Buffer.from('{}');
    context.type = 'json';
    if (context.response.writable) context.length = 2;
  });
  expect(timed).toBe(0);
});
