/** Fastify: prefixed plugins, a schema that refuses, a hook that refuses, a route of its own for 404. */
import { PassThrough } from 'node:stream';
import fastify from 'fastify';
import { after } from './after.js';

const app = fastify();
const takes20ms = (_request, _reply, done) => after(20, done);
const answer = async (request) => ({ url: request.url, params: request.params });

app.get('/', answer);
app.get('/users/:id', answer);
app.get('/timed', { preHandler: takes20ms, handler: answer });
app.post('/users', {
  schema: {
    body: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
  },
  handler: answer,
});
app.get('/files/*', answer);
app.get('/at/:hour(^\\d{2})h:minute(^\\d{2})m', answer);
app.route({ method: ['GET', 'PUT'], url: '/chain/:id', handler: answer });
app.all('/any/:id', answer);
app.register(
  async (api) => {
    api.get('/users/:id', answer);
    api.get('/boom/:id', async () => {
      throw new Error('boom');
    });
    api.get('/slow/:id', async () => {
      const body = new PassThrough();
      body.write('begun');
      return body;
    });
    await api.register(
      async (teams) => {
        teams.addHook('preHandler', async (request, reply) => {
          if (request.headers.authorization === undefined) return reply.code(401).send('who?');
        });
        teams.get('/:team/members/:id', answer);
      },
      { prefix: '/teams' },
    );
  },
  { prefix: '/api/:org' },
);
app.register(
  async (guarded) => {
    guarded.addHook('onRequest', async (_request, reply) => reply.code(403).send('no'));
    guarded.get('/panel/:tab', answer);
  },
  { prefix: '/admin' },
);

await app.listen({ port: Number(process.env.PORT ?? 3000), host: '127.0.0.1' });
console.log(`listening on ${app.server.address().port}`);
