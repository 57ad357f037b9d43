/** Nest on Fastify. */
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { start, takes20ms } from './nest-app.js';

const adapter = new FastifyAdapter();
adapter.getInstance().addHook('onRequest', takes20ms);
await start(adapter);
