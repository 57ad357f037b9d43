/** What koa-compose gives back with and without the patch, in its older way and in that of the version installed. */
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { patchKoaCompose } from '../../../src/agent/layers/koa-middleware.js';
import type { Method } from '../../../src/agent/layers/outermost.js';
import type { ProbeHost } from '../../../src/agent/probe.js';

type Next = () => Promise<unknown>;
type Middleware = (context: string[], next: Next) => unknown;
type Compose = (
  list: readonly Middleware[],
) => (context: string[], next?: Next) => Promise<unknown>;

/** As up to 4.1, which was the newest for seven years: what is in the list when a request comes is run. */
const live: Compose = (list) => (context, next) => {
  const dispatch = async (at: number): Promise<unknown> => {
    const one = at === list.length ? next : list[at];
    return one?.(context, () => dispatch(at + 1));
  };
  return dispatch(0);
};
const installed = createRequire(import.meta.url)('koa-compose') as Compose;

function patched(exports: Compose): Compose {
  const loaded = { filename: 'koa-compose/index.js', exports: exports as unknown, require() {} };
  const warn = (code: string, detail: string): never => {
    throw new Error(`${code} ${detail}`);
  };
  patchKoaCompose(loaded, { warn, recorder: {} } as unknown as ProbeHost);
  return loaded.exports as Compose;
}

const saying =
  (word: string): Middleware =>
  (context, next) => {
    context.push(word);
    return next();
  };

async function saidBy(compose: Compose, change: (list: Middleware[]) => void): Promise<string[]> {
  const list = [saying('first'), saying('second')];
  const composed = compose(list);
  expect([composed.name, composed.length]).toEqual(['', 2]);
  await composed([]);
  change(list);
  const said: string[] = [];
  await composed.call('this' as never, said, async () => said.push('next'));
  return said;
}

const CHANGES: Readonly<Record<string, (list: Middleware[]) => void>> = {
  'is left as it is': () => {},
  'gets more': (list) => list.push(saying('third')),
  'has one before the others': (list) => list.unshift(saying('before')),
  'has another in the place of one': (list) => list.splice(0, 1, saying('other')),
  'loses one': (list) => list.pop(),
};

describe.each(Object.entries(CHANGES))('a list that %s after it was composed', (_, change) => {
  it.each([
    ['live', live],
    ['installed', installed],
  ] as const)('runs as without the agent: %s', async (_name, compose) => {
    const without = await saidBy((list) => {
      const composed = compose(list);
      return (context, next) => composed(context, next);
    }, change);
    expect(await saidBy(patched(compose), change)).toEqual(without);
  });
});

it('what is no list is refused as before', () => {
  const refused = (compose: Method): unknown => {
    try {
      return compose('nothing');
    } catch (error) {
      return String(error);
    }
  };
  expect(refused(patched(installed) as never)).toBe(refused(installed as never));
});
