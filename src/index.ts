/**
 * The package's main entry, for two callers that cannot be told apart by how they load it:
 *
 * - `node --import tachograph app.js` must start the agent;
 * - `import … from 'tachograph'` in an application must do nothing.
 *
 * So the agent starts only when this process was told to preload the bare package name, which
 * stands in its own flags or in NODE_OPTIONS. `tachograph/register` always starts it.
 */
import { startAgent } from './agent/agent.js';
import { isPreloaded } from './agent/preload-flags.js';

if (isPreloaded(process.execArgv, process.env.NODE_OPTIONS)) start();

/**
 * Starts the agent in this thread, for programs that cannot be started with a flag. What was loaded
 * before is not instrumented; a second call does nothing; it never throws.
 */
export function start(): void {
  startAgent();
}
