/** Fastify on HTTP/2 without TLS. */
import { PassThrough } from 'node:stream';
import fastify from 'fastify';
import { after } from './after.js';

const app = fastify({ http2: true });
const takes20ms = (_request, _reply, done) => after(20, done);
app.get('/timed', { preHandler: takes20ms, handler: async () => 'in time' });
app.register(
  async (api) => {
    api.get('/members/:id', async (request) => request.params);
  },
  { prefix: '/teams/:team' },
);
app.get('/users/:id', async (request) => request.params);
app.get('/boom/:id', async () => {
  throw new Error('boom');
});
app.get('/slow/:id', async () => {
  const body = new PassThrough();
  body.write('begun');
  return body;
});

await app.listen({ port: Number(process.env.PORT ?? 3000), host: '127.0.0.1' });
console.log(`listening on ${app.server.address().port}`);
