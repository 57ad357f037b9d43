/**
 * Croner: each run of a schedule is a job, under the schedule's name, else its function's, else its
 * pattern. How late it began is its wait. A run that is triggered by hand has none.
 */
import { dressAs } from '../dress-as.js';
import type { LoadedModule } from '../module-hooks.js';
import type { ProbeHost } from '../probe.js';
import { type Method, replaceMethod } from '../replace-method.js';
import { jobsOf } from './jobs.js';

interface Cron {
  readonly name?: unknown;
  fn?: Method;
  getPattern?: () => unknown;
}

/** For dist/croner.cjs. */
export function patchCroner({ exports }: LoadedModule, host: ProbeHost): void {
  patchCronerExports(exports as object, host);
}

/** For dist/croner.js as an ES module, too. */
export function patchCronerExports(exports: object, host: ProbeHost): void {
  const { prototype } = (exports as { Cron?: { prototype?: object } }).Cron ?? {};
  const jobs = jobsOf(host);
  const watched = new WeakSet<Method>();
  /** When the run that is begun now was due; undefined where nothing is. */
  let due: unknown;

  const watch = (cron: Cron): void => {
    const { fn } = cron;
    if (typeof fn !== 'function' || watched.has(fn)) return;
    const wrapped: Method = function (this: object, ...args): unknown {
      const waitMs = due instanceof Date ? Date.now() - due.getTime() : undefined;
      const describe = () => ({ system: '', queue: '', name: nameOf(cron, fn), waitMs });
      return jobs.run(describe, () => fn.apply(this, args));
    };
    cron.fn = dressAs(wrapped as never, fn as never) as Method;
    watched.add(cron.fn);
  };

  replaceMethod(
    prototype,
    '_checkTrigger',
    (original) =>
      function (this: object, ...args): unknown {
        due = args[0];
        try {
          return original.apply(this, args);
        } finally {
          due = undefined;
        }
      },
  );
  // It calls the function before it first awaits something.
  replaceMethod(
    prototype,
    '_trigger',
    (original) =>
      function (this: object, ...args): unknown {
        watch(this as Cron);
        return original.apply(this, args);
      },
  );
}

function nameOf(cron: Cron, { name: ofFunction }: Method): string {
  return String(cron.name || ofFunction || cron.getPattern?.() || '');
}
