/** Nest on Express. */
import { ExpressAdapter } from '@nestjs/platform-express';
import { start, takes20ms } from './nest-app.js';

const adapter = new ExpressAdapter();
adapter.use(takes20ms);
await start(adapter);
