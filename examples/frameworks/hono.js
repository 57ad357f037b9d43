/** Hono on @hono/node-server: basePath, route(), mount(), middleware that answers, HTTPException. */
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { after } from './after.js';

const app = new Hono();
const answer = (c) => c.json({ url: c.req.url, params: c.req.param() });
const takes20ms = async (_c, next) => {
  await new Promise((resolve) => after(20, resolve));
  return next();
};

app.get('/alone', () => new Response('no context used'));
app.get('/alone/:id', () => new Response('no context used'));
app.use('/api/*', async (_c, next) => next());
app.use('/api/:org/*', async (c, next) => {
  if (c.req.header('x-blocked')) throw new HTTPException(401);
  await next();
});
app.use('/public/*', async (c, _next) => c.text('a file'));

app.get('/', answer);
app.get('/timed', takes20ms, answer);
app.get('/users/:id{[0-9]+}', answer);
app.get('/users/:name', answer);
app.post('/users', answer);
app.on(['GET', 'PUT'], ['/list-a/:x', '/list-b/:y'], answer);
app.all('/any/:id', answer);
app.get('/files/*', answer);

const members = new Hono();
members.get('/', answer);
members.get('/:id', answer);
const teams = new Hono();
teams.route('/:team/members', members);
const api = new Hono().basePath('/:org');
api.get('/users/:id', answer);
api.get('/boom/:id', () => {
  throw new HTTPException(500);
});
api.get('/slow/:id', (c) =>
  c.body(
    new ReadableStream({ start: (stream) => stream.enqueue(new TextEncoder().encode('begun')) }),
  ),
);
api.route('/teams', teams);
app.route('/api', api);

const shop = new Hono();
shop.use('*', async (_c, next) => next());
shop.get('/items/:item', answer);
app.mount('/shop', shop.fetch);
// Asks itself: the route of the request is the outer one.
app.get('/twice/:id', async (c) => app.request('/users/1', {}, c.env));

const server = serve(
  { fetch: app.fetch, port: Number(process.env.PORT ?? 3000), hostname: '127.0.0.1' },
  () => {
    console.log(`listening on ${server.address().port}`);
  },
);
