/** Nest on Fastify. */
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { start } from './nest-app.js';

await start(new FastifyAdapter());
