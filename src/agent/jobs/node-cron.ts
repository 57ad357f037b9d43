/**
 * node-cron: each run of a task is a job, under the task's name or else its pattern. How late it began is
 * its wait, to the second in which it was due; one that is begun by hand, or late on purpose, has none.
 */
import { dressAs } from '../dress-as.js';
import type { LoadedModule } from '../module-hooks.js';
import type { ProbeHost } from '../probe.js';
import { type Method, replaceMethod } from '../replace-method.js';
import { type JobStart, jobsOf } from './jobs.js';

interface Task {
  readonly id?: unknown;
  readonly name?: unknown;
  readonly cronExpression?: unknown;
  readonly runner?: Runner;
}
interface Runner {
  onMatch?: Method;
  readonly maxRandomDelay?: number;
}

/** For dist/_shared.cjs. */
export function patchNodeCron({ exports }: LoadedModule, host: ProbeHost): void {
  patchNodeCronExports(exports as object, host);
}

/** For dist/_shared.js as an ES module, too; its exports have names of one letter. */
export function patchNodeCronExports(exports: object, host: ProbeHost): void {
  const prototype = Object.values(exports).map(prototypeOf).find(isOfTasks);
  const jobs = jobsOf(host);
  const watched = new WeakSet<Method>();
  const watch = (task: Task): void => {
    const { runner } = task;
    const onMatch = runner?.onMatch;
    if (typeof onMatch !== 'function' || watched.has(onMatch)) return;
    const wrapped: Method = function (this: object, ...args): unknown {
      return jobs.run(
        () => startOf(task, args),
        () => onMatch.apply(this, args),
      );
    };
    runner!.onMatch = dressAs(wrapped as never, onMatch as never) as Method;
    watched.add(runner!.onMatch);
  };
  for (const method of ['start', 'execute']) {
    replaceMethod(
      prototype,
      method,
      (original) =>
        function (this: object, ...args): unknown {
          watch(this as Task);
          return original.apply(this, args);
        },
    );
  }
}

function prototypeOf(exported: unknown): object | undefined {
  return typeof exported === 'function' ? (exported.prototype as object | undefined) : undefined;
}

function isOfTasks(prototype: object | undefined): boolean {
  const methods = ['start', 'execute', 'getNextRun'];
  return prototype !== undefined && methods.every((name) => Object.hasOwn(prototype, name));
}

function startOf(task: Task, [due, execution]: readonly unknown[]): JobStart {
  const { id, name, cronExpression, runner } = task;
  const { reason } = (execution ?? {}) as { reason?: unknown };
  const isDue = reason === 'scheduled' && (runner?.maxRandomDelay ?? 0) === 0;
  return {
    system: '',
    queue: '',
    name: String((name === id ? undefined : name) ?? cronExpression ?? ''),
    waitMs: isDue && due instanceof Date ? Date.now() - due.getTime() : undefined,
  };
}
