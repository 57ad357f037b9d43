/** fastify with hundreds of routes: as many series as a large application has. */
import fastify from 'fastify';
import { MANY_ROUTES } from './workloads.js';

export async function createApp() {
  const app = fastify();
  for (let route = 0; route < MANY_ROUTES; route++) {
    app.get(`/routes/${route}`, async () => ({ route }));
  }
  await app.ready();
  return { server: app.server };
}
