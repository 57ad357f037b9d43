/**
 * Has a blocked main thread drop the agent's listener of SIGINT (src/agent/signals.ts), so that
 * Ctrl-C ends it as it would without the agent. Runs in the agent's worker. The inspector reaches a
 * thread inside a loop (0.4–20 ms); inside a blocking system call it waits for its end. Only
 * Runtime.evaluate, in one short session: a standing one would keep the process from ending quietly.
 */
import { RELEASE_INTERRUPT } from '../shared/worker-protocol.js';

const EXPRESSION = `globalThis[Symbol.for(${JSON.stringify(RELEASE_INTERRUPT)})]?.()`;

/** Never rejects: builds and permissions without an inspector keep the listener. */
export async function releaseInterrupt(): Promise<void> {
  try {
    const { Session } = await import('node:inspector');
    const session = new Session();
    session.connectToMainThread();
    session.post('Runtime.evaluate', { expression: EXPRESSION }, () => session.disconnect());
  } catch {
    // Not to be had here: Ctrl-C then waits until the thread turns.
  }
}
