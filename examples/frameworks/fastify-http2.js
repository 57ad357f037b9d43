/** Fastify on HTTP/2 without TLS. */
import { PassThrough } from 'node:stream';
import fastify from 'fastify';

const app = fastify({ http2: true });
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
