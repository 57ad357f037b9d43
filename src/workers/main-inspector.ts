/**
 * Reaches a blocked main thread: the runtime's inspector evaluates between two instructions of whatever
 * runs there, in 0.4 to 20 ms. While the thread is in a native call it is heard only when that returns.
 * Runs in the agent's worker.
 *
 * Only Runtime.evaluate, one short session a question: enabling the debugger takes 189 ms on a large
 * application, and a session that is open when the process ends has the runtime say that it waits for a
 * debugger. So the end of the process waits until what is open is closed (src/agent/exit.ts).
 *
 * What ends a script whose time is up (the `timeout` of node:vm) would end the answer instead, were one under
 * way, and the script would go on for ever. So nothing is asked while such a script runs, and none begins
 * before the answer (src/agent/script-ends.ts).
 */
import type { Session } from 'node:inspector';
import { SCRIPT_ENDS, SESSIONS_OPEN } from '../shared/control-layout.js';
import { processNowMs } from '../shared/process-clock.js';

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
   * Evaluates an expression whose value is a primitive, unless a script runs that may be ended from outside.
   * Never rejects, and never settles when it is closed meanwhile.
   */
  async evaluate(expression: string): Promise<Evaluated> {
    let session: Session | undefined;
    try {
      const { Session } = await import('node:inspector');
      if (this.#isClosed || this.#mayBeEnded()) return NOT_HEARD;
      session = this.#begin(new Session());
      session.connectToMainThread();
      // Again, once the session is announced, which is what such a script looks at as it begins.
      if (this.#mayBeEnded()) return NOT_HEARD;
      const askedMs = processNowMs();
      const question = { expression, silent: true, returnByValue: true };
      const { result } = await answerOf(session, 'Runtime.evaluate', question);
      return { value: result?.value, tookMs: processNowMs() - askedMs };
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

  #mayBeEnded(): boolean {
    return Atomics.load(this.#words, SCRIPT_ENDS) > 0;
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
