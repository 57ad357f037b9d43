/** What is done with frameworks: middleware, a route with a parameter, JSON. Counted are requests by route. */
const ROUTED = 'http.server.request.duration';
const MIDDLEWARE = 'tachograph.middleware.duration';
const JSON_MADE = 'tachograph.serialization.duration';
const VALIDATIONS = 'tachograph.validation.duration';

/** Hands a request over to a framework's listener, until it is answered. */
const through = (listener) => (request, response) =>
  new Promise((resolve) => {
    response.once('finish', resolve);
    listener(request, response);
  });

async function expressOf(ownLayers, { load, whole }) {
  const framework = whole(await load('express'));
  const app = framework();
  app.use(function first(_request, _response, next) {
    next();
  });
  app.get('/:id', (_request, response) => response.json({ a: 1 }));
  return {
    perRequest: { [ROUTED]: 1, [MIDDLEWARE]: 1 + ownLayers, [JSON_MADE]: 1 },
    work: through(app),
  };
}

/** Decorators are called as functions, which is what a compiler makes of them. */
async function nest({ load }) {
  await load('reflect-metadata');
  const { Controller, Get, Module } = await load('@nestjs/common');
  const { NestFactory } = await load('@nestjs/core');
  class Things {
    answer() {
      return { a: 1 };
    }
  }
  const { prototype } = Things;
  Get(':id')(prototype, 'answer', Object.getOwnPropertyDescriptor(prototype, 'answer'));
  Controller()(Things);
  class Root {}
  Module({ controllers: [Things] })(Root);
  const app = await NestFactory.create(Root, { logger: false });
  await app.init();
  const server = app.getHttpServer();
  return {
    perRequest: { [ROUTED]: 1, [JSON_MADE]: 1 },
    work: through((request, response) => server.emit('request', request, response)),
  };
}

async function restify({ load, whole }) {
  const app = whole(await load('restify')).createServer();
  app.use(function first(_request, _response, next) {
    next();
  });
  app.get('/:id', (_request, response, next) => {
    response.send({ a: 1 });
    next();
  });
  return {
    perRequest: { [ROUTED]: 1, [MIDDLEWARE]: 1 },
    work: through((request, response) => app.server.emit('request', request, response)),
  };
}

async function hapi({ load, whole }) {
  const app = whole(await load('@hapi/hapi')).server({ autoListen: false });
  app.route({ method: 'GET', path: '/{id}', handler: () => ({ a: 1 }) });
  await app.initialize();
  return {
    perRequest: { [ROUTED]: 1 },
    work: through((request, response) => app.listener.emit('request', request, response)),
  };
}

async function koa({ load, whole }) {
  const Koa = whole(await load('koa'));
  const Router = whole(await load('@koa/router'));
  const app = new Koa();
  const router = new Router();
  router.get('/:id', (context) => {
    context.body = { a: 1 };
  });
  app.use(async function first(_context, next) {
    await next();
  });
  app.use(router.routes());
  return {
    perRequest: { [ROUTED]: 1, [MIDDLEWARE]: 1, [JSON_MADE]: 1 },
    work: through(app.callback()),
  };
}

async function fastifyOf(hooks, { load, whole }) {
  const framework = whole(await load('fastify'));
  const app = (framework.fastify ?? framework)();
  app.addHook('onRequest', function first(_request, _reply, next) {
    next();
  });
  const properties = { id: { type: 'string' } };
  const response = { 200: { type: 'object', properties: { a: { type: 'number' } } } };
  const schema = { params: { type: 'object', properties }, response };
  app.get('/:id', { schema }, (_request, reply) => reply.send({ a: 1 }));
  await app.ready();
  return {
    perRequest: { [ROUTED]: 1, [JSON_MADE]: 1, ...hooks },
    work: through((request, answer) => app.server.emit('request', request, answer)),
  };
}

async function honoOf(layers, { load }) {
  const { Hono } = await load('hono');
  const { getRequestListener } = await load('@hono/node-server');
  const app = new Hono();
  app.use('*', async function first(_context, next) {
    await next();
  });
  app.get('/:id', (context) => context.json({ a: 1 }));
  return { perRequest: { [ROUTED]: 1, ...layers }, work: through(getRequestListener(app.fetch)) };
}

export const WORK = {
  // Its own `query` and `expressInit` are middleware, too.
  express: (terms) => expressOf(2, terms),
  'express 5': (terms) => expressOf(0, terms),
  nest,
  hapi,
  restify,
  koa,
  fastify: (terms) => fastifyOf({ [MIDDLEWARE]: 1, [VALIDATIONS]: 1 }, terms),
  'fastify, schemas': (terms) => fastifyOf({ [VALIDATIONS]: 1 }, terms),
  'fastify, routes': (terms) => fastifyOf({}, terms),
  hono: (terms) => honoOf({ [MIDDLEWARE]: 1, [JSON_MADE]: 1 }, terms),
  'hono, routes': (terms) => honoOf({}, terms),
};
