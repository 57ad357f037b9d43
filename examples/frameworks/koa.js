/** Koa with @koa/router: nested routers with prefixes, expressions, a router middleware that refuses. */
import { PassThrough } from 'node:stream';
import { Router } from '@koa/router';
import Koa from 'koa';
import { after } from './after.js';

const app = new Koa();
app.silent = true;
const answer = (ctx) => {
  ctx.body = { url: ctx.url, params: ctx.params };
};
const takes20ms = async (_ctx, next) => {
  await new Promise((resolve) => after(20, resolve));
  return next();
};

app.use((ctx, next) => {
  if (ctx.path !== '/public') return next();
  ctx.body = 'a file';
});

const router = new Router();
router.get('/', answer);
router.get('/timed', takes20ms, answer);
router.get('/users/me', answer);
router.get('/users/:id', answer);
router.post('/users', answer);
router.get(['/list-a/:x', '/list-b/:y'], answer);
router.get(/^\/number\/(\d+)$/, answer);
router.all('/any/:id', answer);
router.get('/files/*path', answer);

const members = new Router();
members.get('/members', answer);
members.get('/members/:id', answer);
const teams = new Router({ prefix: '/teams' });
teams.use('/:team', members.routes());
const api = new Router({ prefix: '/api/:org' });
api.use((ctx, next) => (ctx.get('x-blocked') ? ctx.throw(401) : next()));
api.get('/users/:id', answer);
api.get('/boom/:id', () => {
  throw new Error('boom');
});
api.get('/slow/:id', (ctx) => {
  ctx.body = new PassThrough();
  ctx.body.write('begun');
});
api.use(teams.routes());

app.use(router.routes()).use(router.allowedMethods());
app.use(api.routes());

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  console.log(`listening on ${server.address().port}`);
});
