/**
 * Has a blocked main thread give up the agent's signal listeners (src/agent/signals.ts), so that
 * Ctrl-C ends it as it would without the agent. Runs in the agent's worker. The inspector reaches a
 * thread inside a loop (0.4–20 ms); inside a blocking system call it waits for its end, and so do
 * the signals. Only Runtime.evaluate, one short session: a debugger that is attached is left alone.
 */
import { RELEASE_SIGNALS } from '../shared/worker-protocol.js';

const EXPRESSION = `globalThis[Symbol.for(${JSON.stringify(RELEASE_SIGNALS)})]?.()`;

/** Never rejects: builds and permissions without an inspector keep the listeners. */
export async function releaseSignals(): Promise<void> {
  try {
    const { Session, url } = await import('node:inspector');
    if (url() !== undefined) return;
    const session = new Session();
    session.connectToMainThread();
    session.post('Runtime.evaluate', { expression: EXPRESSION }, () => session.disconnect());
  } catch {
    // Not to be had here: signals then wait until the thread turns.
  }
}
