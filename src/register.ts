/**
 * `node --import tachograph/register app.js`: starts the agent in this thread. The same file is the
 * second half of `--import tachograph` (see index.ts).
 */
import { startAgent } from './agent/agent.js';
import { pinPreload } from './agent/preload-flags.js';

startAgent();
pinPreload(() => import.meta.url);
