/**
 * Has a blocked main thread drop the agent's listener of SIGINT (src/agent/signals.ts), so that
 * Ctrl-C ends it as it would without the agent. Runs in the agent's worker. Inside a blocking system
 * call the question is heard only when that returns: by then the thread turns again, and a release
 * would throw away a SIGINT that waits for it, so the thread does not heed what comes late.
 */
import { RELEASE_INTERRUPT } from '../shared/worker-protocol.js';
import type { MainInspector } from './main-inspector.js';

/** Whether it was released. Never rejects: builds and permissions without an inspector keep the listener. */
export async function releaseInterrupt(inspector: MainInspector): Promise<boolean> {
  const offer = `globalThis[Symbol.for(${JSON.stringify(RELEASE_INTERRUPT)})]`;
  return (await inspector.evaluate(`${offer}?.(${Date.now()})`)).value === true;
}
