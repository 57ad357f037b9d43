/** An application that is preloaded in several ways and starts the agent itself, too. */
import { start } from 'tachograph';
import { serve, untilRecorded } from './serve.cjs';

start();
await import('tachograph/register');
await serve(5);
await untilRecorded();
console.log('done');
