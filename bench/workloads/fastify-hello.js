/** fastify's hello: the leanest framework in wide use, so the agent's share is largest on it. */
import fastify from 'fastify';

export async function createApp() {
  const app = fastify();
  app.get('/hello', async () => ({ hello: 'world' }));
  await app.ready();
  return { server: app.server };
}
