/**
 * Frameworks with everything that sits on them: each middleware by its name, in a mounted router, before
 * a handler that fails, on a 404 and in an aborted request.
 */
import { describe, expect, it } from 'vitest';
import type { Line } from '../support/run-app.js';
import { spansOf } from '../support/spans-of.js';
import { CAN_REBIND, countsBy, runLayers } from './run-layers.js';

const LIBRARY = 'tachograph.library';
const ERROR = 'error.type';

const middlewareOf = (lines: readonly Line[]): Record<string, number> =>
  countsBy(lines, 'tachograph.middleware.duration', ['code.function.name']);
const errorPagesOf = (lines: readonly Line[]): Record<string, number> =>
  countsBy(lines, 'tachograph.error_page.duration', ['http.response.status_code']);
/** By route and kind of layer: requests that used it. */
const layersOf = (lines: readonly Line[]): Record<string, number> =>
  countsBy(lines, 'tachograph.http.server.layer_time', ['http.route', 'tachograph.layer']);
/** In ms. */
const shortestOf = (lines: readonly Line[], name: string): number =>
  Math.min(
    ...lines.filter((line) => line['code.function.name'] === name).map(({ min }) => Number(min)),
  ) * 1000;

describe.each([
  ['express 5, required', 'express.cjs', []],
  ['express 5, imported', 'express.mjs', []],
  ['express 4', 'express.cjs', ['express4']],
])('%s', (_, script, args) => {
  it('counts each layer of each request', async () => {
    const lines = await runLayers(script, args);
    const isLimited = script === 'express.cjs' || CAN_REBIND;
    expect(middlewareOf(lines)).toMatchObject({
      first: 27,
      '<anonymous>': 3,
      serveStatic: 1,
      breaks: 1,
      inRouter: 2,
      'param id': 1,
      beforeItem: 1,
      session: 4,
      _cookieSession: 2,
      urlencodedParser: 2,
      authenticate: 1,
    });
    expect(errorPagesOf(lines)).toEqual({ 404: 2, 500: 3 });
    const of = (name: string, ...attributes: string[]): Record<string, number> =>
      countsBy(lines, `tachograph.${name}`, [LIBRARY, ...attributes]);
    expect(of('template.render.duration', 'tachograph.template.name', ERROR)).toEqual({
      'express users/list': 1,
      'express page.later': 1,
      'express users/list ReferenceError': 1,
    });
    expect(of('serialization.duration')).toEqual({ express: 5, 'fast-json-stringify': 1 });
    expect(of('static_file.duration')).toEqual({ 'serve-static': 3 });
    expect(of('authentication.duration', 'tachograph.authentication.strategy', ERROR)).toEqual({
      'passport local': 1,
      'passport local refused': 1,
    });
    expect(of('session.duration', 'tachograph.session.operation', ERROR)).toEqual({
      'express-session load': 2,
      'express-session save': 4,
      'cookie-session load': 2,
    });
    expect(of('rate_limit.decisions', 'tachograph.rate_limit.decision')).toEqual({
      ...(isLimited && { 'express-rate-limit allowed': 2, 'express-rate-limit refused': 1 }),
      'rate-limiter-flexible allowed': 1,
      'rate-limiter-flexible refused': 1,
    });
    expect(layersOf(lines)).toEqual({
      '/api/:org/items/:id serialization': 1,
      '/api/:org/fails serialization': 1,
      '/object serialization': 1,
      '/stringified serialization': 1,
      '/page template': 1,
      '/later template': 1,
      '/page-fails serialization': 1,
      '/page-fails template': 1,
      '/login authentication': 2,
      '/cookie session': 2,
      '(middleware) serialization': 1,
      '(middleware) session': 4,
    });
  });
});

it('keeps the layers of a request that fails in its trace, without anything a user sent', async () => {
  const lines = await runLayers('express.cjs');
  const trace = lines.find(
    (line) => line.name === 'tachograph.trace' && line['http.route'] === '/page-fails',
  );
  expect(spansOf(trace).map(({ name }) => name)).toEqual([
    'tachograph.middleware.duration',
    'tachograph.template.render.duration',
    'tachograph.serialization.duration',
  ]);
  expect(JSON.stringify(lines)).not.toContain('username');
});

describe.each(['fastify.cjs', 'fastify.mjs'])('%s', (script) => {
  it('counts each hook and layer of each request', async () => {
    const lines = await runLayers(script);
    expect(middlewareOf(lines)).toEqual({
      'onRequest first': 13,
      'onRequest fastifyCookieHandler': 13,
      'onRequest handleSession': 2,
      onRequest: 3,
      preHandler: 12,
      'preHandler beforeItem': 1,
      'preHandler refuses': 1,
      'preHandler inPlugin': 2,
      'onSend addHeader': 12,
      'onSend fastifyCookieOnSendHandler': 12,
      'onSend saveSession': 2,
    });
    expect(errorPagesOf(lines)).toEqual({ 404: 2, 500: 1 });
    const of = (name: string, ...attributes: string[]): Record<string, number> =>
      countsBy(lines, `tachograph.${name}`, [LIBRARY, ...attributes]);
    expect(of('validation.duration', ERROR)).toEqual({ fastify: 1, 'fastify ValidationError': 1 });
    expect(of('serialization.duration')).toEqual({ 'fast-json-stringify': 1 });
    expect(of('static_file.duration')).toEqual({ '@fastify/static': 1 });
    expect(of('session.duration', 'tachograph.session.operation', ERROR)).toEqual({
      '@fastify/session load': 1,
      '@fastify/session save': 2,
    });
    expect(of('rate_limit.decisions', 'tachograph.rate_limit.decision')).toEqual({
      '@fastify/rate-limit allowed': 2,
      '@fastify/rate-limit refused': 1,
    });
  });
});

describe.each(['koa.cjs', 'koa.mjs'])('%s', (script) => {
  it('counts each middleware of each request, and each body made into JSON', async () => {
    const lines = await runLayers(script);
    const expected = { first: 8, '<anonymous>': 8, inRouter: 7, beforeItem: 2 };
    expect(middlewareOf(lines)).toEqual(expected);
    expect(errorPagesOf(lines)).toEqual({ 404: 1, 500: 3 });
    expect(countsBy(lines, 'tachograph.serialization.duration', [LIBRARY])).toEqual({ koa: 2 });
    expect(layersOf(lines)).toEqual({ '/api/:org/items/:id serialization': 2 });
  });
});

describe.each(['hono.cjs', 'hono.mjs'])('%s', (script) => {
  it('counts each middleware of each request, and each body made into JSON', async () => {
    const lines = await runLayers(script);
    expect(middlewareOf(lines)).toEqual({
      first: 16,
      inRouter: 4,
      beforeOne: 1,
      beforeTwo: 1,
      onPath: 4,
      breaks: 2,
      throws: 1,
      beforeOther: 1,
      breaksWithin: 1,
    });
    expect(errorPagesOf(lines)).toEqual({ 404: 2, 500: 6 });
    expect(countsBy(lines, 'tachograph.serialization.duration', [LIBRARY])).toEqual({ hono: 5 });
    expect(layersOf(lines)).toEqual({
      '/api/items/:id serialization': 2,
      '/chain/:id serialization': 1,
      '/other/item serialization': 1,
      '(middleware) serialization': 1,
    });
    expect(shortestOf(lines, 'beforeOne')).toBeGreaterThan(1);
    expect(shortestOf(lines, 'breaks')).toBeGreaterThan(1);
  });
});

// restify does not start on Node 24 and later, with or without the agent.
it.runIf(Number.parseInt(process.versions.node, 10) < 24)(
  'counts each middleware of each request: restify.cjs',
  async () => {
    const lines = await runLayers('restify.cjs');
    expect(middlewareOf(lines)).toEqual({ before: 5, first: 4 });
    expect(errorPagesOf(lines)).toEqual({ 404: 1, 500: 1 });
  },
);

describe.each([
  ['express, imported', 'nest.mjs', 'express'],
  ['fastify, imported', 'nest.mjs', 'fastify'],
  ['express, required', 'nest.cjs', 'express'],
  ['fastify, required', 'nest.cjs', 'fastify'],
])('nest on %s', (_, script, platform) => {
  it('counts guards, pipes and interceptors, without the handler behind them', async () => {
    const lines = await runLayers(script, [platform]);
    const nest = lines.filter((line) => line[LIBRARY] === 'nest');
    expect(middlewareOf(nest)).toEqual(
      CAN_REBIND
        ? {
            OpenGuard: 2,
            'OpenGuard, ClosedGuard': 1,
            ParseIntPipe: 2,
            TrimPipe: 1,
            SlowPipe: 2,
            FirstInterceptor: 3,
            LogInterceptor: 2,
            'LogInterceptor (answer)': 2,
            WrapInterceptor: 2,
            'WrapInterceptor (answer)': 2,
            CacheInterceptor: 1,
            BreaksInterceptor: 1,
            RescueInterceptor: 1,
            'RescueInterceptor (answer)': 1,
          }
        : {},
    );
    if (!CAN_REBIND) return;
    expect(shortestOf(lines, 'LogInterceptor')).toBeGreaterThan(4);
    // The handler takes 20 ms.
    for (const name of ['WrapInterceptor', 'LogInterceptor (answer)', 'FirstInterceptor']) {
      expect(shortestOf(lines, name)).toBeLessThan(20);
    }
  });
});
