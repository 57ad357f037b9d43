/**
 * Has a blocked main thread drop the agent's listener of SIGINT (src/agent/signals.ts), so that
 * Ctrl-C ends it as it would without the agent. Runs in the agent's worker. The inspector reaches a
 * thread inside a loop (0.4–20 ms). Inside a blocking system call it is heard only when that returns:
 * by then the thread turns again, and a release would throw away a SIGINT that waits for it, so the
 * thread does not heed what comes late. Only Runtime.evaluate, in one short session: a standing one
 * would keep the process from ending quietly.
 */
import { RELEASE_INTERRUPT } from '../shared/worker-protocol.js';

/** Whether it was released. Never rejects: builds and permissions without an inspector keep the listener. */
export async function releaseInterrupt(): Promise<boolean> {
  try {
    const { Session } = await import('node:inspector');
    const session = new Session();
    session.connectToMainThread();
    const expression = `globalThis[Symbol.for(${JSON.stringify(RELEASE_INTERRUPT)})]?.(${Date.now()})`;
    return await new Promise((resolve) => {
      session.post('Runtime.evaluate', { expression }, (_error, answer) => {
        session.disconnect();
        resolve(answer?.result?.value === true);
      });
    });
  } catch {
    return false;
  }
}
