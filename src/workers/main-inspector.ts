/**
 * Reaches a blocked main thread: the runtime's inspector evaluates between two instructions of whatever
 * runs there, in 0.4 to 20 ms. While the thread is in a native call it is heard only when that returns.
 * Runs in the agent's worker.
 *
 * Only Runtime.evaluate, one short session a question: enabling the debugger takes 189 ms on a large
 * application, and a session that is open when the process ends has the runtime say that it waits for a
 * debugger. So the end of the process waits until what is open is closed (src/agent/exit.ts).
 */
import type { Session } from 'node:inspector';
import { SESSIONS_OPEN } from '../shared/control-layout.js';

/** What is asked takes microseconds once it is heard; longer is not to be had. */
const TIMEOUT_MS = 100;

export interface Evaluated {
  /** Undefined where there is none, where it threw, in builds and under permissions without an inspector. */
  readonly value: unknown;
  /** From the question to the answer. */
  readonly tookMs: number;
}

const NOT_HEARD: Evaluated = { value: undefined, tookMs: 0 };

/** What of its answer is of use. */
interface Answer {
  readonly result?: { readonly value?: unknown };
}

export class MainInspector {
  /** The control block's. */
  readonly #words: Int32Array;
  readonly #open = new Set<Session>();
  #isClosed = false;

  constructor(words: Int32Array) {
    this.#words = words;
    // One that died with a crashed worker is not to be waited for.
    this.#tell();
  }

  /**
   * Evaluates an expression whose value is a primitive. Never rejects, and never settles when it is closed
   * meanwhile.
   */
  async evaluate(expression: string): Promise<Evaluated> {
    let session: Session | undefined;
    try {
      const { Session } = await import('node:inspector');
      if (this.#isClosed) return NOT_HEARD;
      session = this.#begin(new Session());
      session.connectToMainThread();
      const question = { expression, silent: true, returnByValue: true, timeout: TIMEOUT_MS };
      const askedMs = performance.now();
      const { result } = await answerOf(session, question);
      return { value: result?.value, tookMs: performance.now() - askedMs };
    } catch {
      return NOT_HEARD;
    } finally {
      if (session !== undefined) this.#end(session);
    }
  }

  /** Nothing is asked any more, and what is asked is not waited for. */
  close(): void {
    this.#isClosed = true;
    for (const session of this.#open) this.#end(session);
  }

  #begin(session: Session): Session {
    this.#open.add(session);
    this.#tell();
    return session;
  }

  #end(session: Session): void {
    session.disconnect();
    this.#open.delete(session);
    this.#tell();
  }

  #tell(): void {
    Atomics.store(this.#words, SESSIONS_OPEN, this.#open.size);
    Atomics.notify(this.#words, SESSIONS_OPEN);
  }
}

function answerOf(session: Session, question: object): Promise<Answer> {
  return new Promise((resolve, reject) => {
    session.post('Runtime.evaluate', question, (error, answer) => {
      if (error === null) resolve(answer as Answer);
      else reject(error);
    });
  });
}
