/**
 * Reaches a blocked main thread: the runtime's inspector evaluates between two instructions of whatever
 * runs there, in 0.4 to 20 ms. While the thread is in a native call it is heard only when that returns.
 * Runs in the agent's worker.
 *
 * Only Runtime.evaluate, one short session a question: enabling the debugger takes 189 ms on a large
 * application, and a session that is open when the process ends has the runtime say that it waits for a
 * debugger. So the end of the process waits until what is open is closed (src/agent/exit.ts).
 *
 * What ends a script whose time is up (the `timeout` of node:vm) ends the question instead, when it falls
 * into it, and the script would go on for ever. So it is passed on. For the same reason the question has no
 * timeout of its own: an end by that could not be told from one by the application.
 */
import type { Session } from 'node:inspector';
import { SESSIONS_OPEN } from '../shared/control-layout.js';

export interface Evaluated {
  /** Undefined where there is none, where it threw, in builds and under permissions without an inspector. */
  readonly value: unknown;
  /** From the question to the answer. */
  readonly tookMs: number;
}

const NOT_HEARD: Evaluated = { value: undefined, tookMs: 0 };

/** How the runtime says that what it evaluated was ended from outside. */
const TERMINATED = /terminated/i;

/** What of its answer is of use. */
interface Answer {
  readonly result?: { readonly value?: unknown };
}

export class MainInspector {
  /** The control block's. */
  readonly #words: Int32Array;
  readonly #readBeat: () => number;
  readonly #open = new Set<Session>();
  #isClosed = false;

  /** `readBeat` tells the last beat of the main thread: it grows whenever that turns. */
  constructor(words: Int32Array, readBeat: () => number) {
    this.#words = words;
    this.#readBeat = readBeat;
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
      const askedMs = performance.now();
      const { result } = await this.#ask(session, expression);
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

  async #ask(session: Session, expression: string): Promise<Answer> {
    const beat = this.#readBeat();
    try {
      const question = { expression, silent: true, returnByValue: true };
      return await answerOf(session, 'Runtime.evaluate', question);
    } catch (error) {
      const { message } = error as { message?: unknown };
      // A thread that has turned since runs something else, whose time is not up.
      if (TERMINATED.test(String(message)) && this.#readBeat() === beat) {
        await answerOf(session, 'Runtime.terminateExecution', {});
      }
      throw error;
    }
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

function answerOf(session: Session, method: string, params: object): Promise<Answer> {
  return new Promise((resolve, reject) => {
    session.post(method, params, (error, answer) => {
      if (error === null) resolve(answer as Answer);
      else reject(error);
    });
  });
}
