/**
 * Says in the control block while a script of node:vm runs that may be ended from outside: by its `timeout`,
 * or by Ctrl-C where it asks for that. The agent's worker asks the main thread nothing then. Main thread.
 *
 * The end of a script ends whatever runs when it comes. Were that an answer to the worker, the script would
 * go on, and one in an endless loop for ever; and to end it a second time might end what comes after it.
 *
 * So neither begins within the other. The worker announces its question before it looks at our word, and we
 * write our word before we look whether one is announced: then the script waits, RECHECKS_MAX ms at most,
 * until it is answered. That happens only while the thread is blocked; else a script costs two stores.
 */
import { controlWords, SCRIPT_ENDS, SESSIONS_OPEN } from '../shared/control-layout.js';
import { type Method, replaceMethod } from './replace-method.js';

/** Of a ms each. A question takes 0.4 to 20 ms; one that takes longer is of a worker that is gone. */
const RECHECKS_MAX = 50;

const { apply } = Reflect;

interface RunOptions {
  readonly timeout?: unknown;
  readonly breakOnSigint?: unknown;
}

/** All ways to run a script pass through these, from Node.js 20 to 26. */
export function watchScriptEnds(control: SharedArrayBuffer): void {
  const run = createRun(controlWords(control));
  const vm = process.getBuiltinModule('node:vm') as typeof import('node:vm');
  const script = vm.Script.prototype;
  replaceMethod(script, 'runInContext', (original) => wrapped(original, 1, run));
  replaceMethod(script, 'runInThisContext', (original) => wrapped(original, 0, run));
  // Only under --experimental-vm-modules. It is run before `evaluate` returns its promise.
  const module = vm.Module?.prototype;
  replaceMethod(module, 'evaluate', (original) => wrapped(original, 0, run));
}

type Run = (original: Method, self: object, args: unknown[]) => unknown;

function wrapped(original: Method, optionsAt: number, run: Run): Method {
  return function (this: object, ...args) {
    return canBeEnded(args[optionsAt]) ? run(original, this, args) : apply(original, this, args);
  };
}

function canBeEnded(options: unknown): boolean {
  if (typeof options !== 'object' || options === null) return false;
  try {
    const { timeout, breakOnSigint } = options as RunOptions;
    return timeout !== undefined || breakOnSigint === true;
  } catch {
    // A getter of the application's: the runtime will come upon it, too.
    return false;
  }
}

function createRun(words: Int32Array): Run {
  let depth = 0;
  let isPatient = true;

  const awaitAnswer = (): void => {
    for (let i = 0; i < RECHECKS_MAX; i++) {
      const open = Atomics.load(words, SESSIONS_OPEN);
      if (open === 0) return;
      // The question is heard where the loop turns.
      Atomics.wait(words, SESSIONS_OPEN, open, 1);
    }
    isPatient = false;
  };

  return (original, self, args) => {
    const outer = depth;
    depth = outer + 1;
    Atomics.store(words, SCRIPT_ENDS, depth);
    if (outer === 0) {
      if (Atomics.load(words, SESSIONS_OPEN) === 0) isPatient = true;
      else if (isPatient) awaitAnswer();
    }
    try {
      return apply(original, self, args);
    } finally {
      // Not one less: when a script is ended, those within it do not come by here.
      depth = outer;
      Atomics.store(words, SCRIPT_ENDS, outer);
    }
  };
}
