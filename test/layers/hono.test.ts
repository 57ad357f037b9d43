/** Where functions of an application enter Hono's router, with its own classes, in this process. */
import { Hono } from 'hono';
import { Hono as Quick } from 'hono/quick';
import { LinearRouter } from 'hono/router/linear-router';
import { Hono as Tiny } from 'hono/tiny';
import { beforeEach, describe, expect, it } from 'vitest';
import { type ObserveHandler, observeHonoHandlers } from '../../src/agent/layers/hono-handlers.js';
import type { ProbeHost } from '../../src/agent/probe.js';

type Application = InstanceType<typeof Hono>;
type Method = (...args: unknown[]) => unknown;

const host = {
  warn: (code: string, detail: string) => {
    throw new Error(`${code} ${detail}`);
  },
} as unknown as ProbeHost;
const CLASSES = [Hono, Quick, Tiny] as unknown as (typeof Hono)[];
const shapeOf = (app: Application): unknown => {
  const { value, ...rest } = Object.getOwnPropertyDescriptor(app, 'router')!;
  const { add, constructor: Class } = value as { add: Method; constructor: Method };
  return [Object.keys(app), rest, Class.name, Object.keys(value as object), add.name, add.length];
};
const before = CLASSES.map((Class) => shapeOf(new Class()));

let seen: string[] = [];
let called: string[] = [];
const observe: ObserveHandler = (handler, { method, name, length }) => {
  seen.push(`${method} ${name} ${length}`);
  return function (context, next) {
    called.push(name);
    return handler.call(this, context, next);
  };
};
for (const Class of CLASSES) observeHonoHandlers({ Hono: Class }, host, observe);

const first = async (_context: unknown, next: () => Promise<void>): Promise<void> => next();
const second = async (_context: unknown, next: () => Promise<void>): Promise<void> => next();
const answer = (context: { text: (text: string) => Response }): Response => context.text('answer');
const ask = async (app: Application, path: string): Promise<string> =>
  (await app.request(path)).text();

beforeEach(() => {
  seen = [];
  called = [];
});

describe.each(CLASSES.map((Class, index) => ({ Class, index })))(
  'class $index',
  ({ Class, index }) => {
    it('makes applications that look as before', () => {
      expect(shapeOf(new Class())).toEqual(before[index]);
    });

    it('shows each function of one call, and leaves the application its own', async () => {
      const app = new Class();
      app.get('/x', first, second, answer).use('/x/*', first);
      expect(seen).toEqual(['GET first 2', 'GET second 2', 'GET answer 1', 'ALL first 2']);
      expect(app.routes.map(({ handler }) => handler)).toEqual([first, second, answer, first]);
      expect(await ask(app, '/x')).toBe('answer');
      expect(called).toEqual(['first', 'second', 'answer']);
    });

    it('follows base paths and applications within, once', async () => {
      const inner = new Class();
      inner.onError((_error, context) => context.text('an error', 500));
      inner.get('/x', first, answer);
      const app = new Class();
      app.basePath('/base').get('/y', answer);
      app.route('/inner', inner);
      expect(await ask(app, '/inner/x')).toBe('answer');
      expect(called).toEqual(['first', 'answer']);
      expect(await ask(app, '/base/y')).toBe('answer');
      expect(called).toEqual(['first', 'answer', 'answer']);
    });
  },
);

it('takes a router that is given, and one that several applications share', async () => {
  const router = new LinearRouter() as never;
  const one = new Hono({ router });
  const other = new Hono({ router });
  one.get('/one', answer);
  other.get('/other', answer);
  expect(await ask(one, '/other')).toBe('answer');
  expect(seen).toEqual(['GET answer 1', 'GET answer 1']);
});

it('does not take what leads to a mounted application for a middleware', async () => {
  const app = new Hono();
  app.mount('/mounted', () => new Response('mounted'));
  expect(seen).toEqual([]);
  app.get('/x', answer);
  expect(seen).toEqual(['GET answer 1']);
  expect(await ask(app, '/mounted/x')).toBe('mounted');
});

it('leaves alone what is no class of Hono', () => {
  for (const exports of [{}, { Hono: undefined }, { Hono: class {} }]) {
    observeHonoHandlers(exports, host, (handler) => handler);
  }
});
