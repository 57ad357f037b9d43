/** Nest on Express. */
import { ExpressAdapter } from '@nestjs/platform-express';
import { start } from './nest-app.js';

await start(new ExpressAdapter());
