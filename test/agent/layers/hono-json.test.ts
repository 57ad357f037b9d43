import { inspect } from 'node:util';
import * as hono from 'hono';
import { expect, it } from 'vitest';
import { patchHonoJson } from '../../../src/agent/layers/hono-json.js';
import type { ProbeHost } from '../../../src/agent/probe.js';

let ended = 0;
const host = {
  recorder: { series: () => 1 },
  context: { follow: () => {} },
  work: {
    endLayer: () => {
      ended += 1;
    },
  },
  warn: (code: string, detail: string) => {
    throw new Error(`${code} ${detail}`);
  },
} as unknown as ProbeHost;

/** What a handler sees of its context. */
async function seen(): Promise<{ keys: unknown[]; shown: string; copied: unknown[] }> {
  const app = new hono.Hono();
  let found: { keys: unknown[]; shown: string; copied: unknown[] } | undefined;
  app.use((_, next) => next());
  app.get('/', (context) => {
    const keys = Reflect.ownKeys(context);
    found = { keys, shown: inspect(context), copied: Reflect.ownKeys({ ...context }) };
    return context.json({ a: 1 });
  });
  expect(await (await app.request('/')).json()).toEqual({ a: 1 });
  return found!;
}

it('a context shows nothing of being met, and its text is timed once', async () => {
  const before = await seen();
  expect(ended).toBe(0);
  patchHonoJson(hono, host);
  expect(await seen()).toEqual(before);
  expect(ended).toBe(1);
});
