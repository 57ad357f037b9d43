/**
 * Hooks of Fastify, of the application, its plugins and its routes, by hook and name of the function.
 * They run in five runners, which get the functions to run: observed ones, made once for each list.
 * Hot path.
 */
import { dressAs } from '../dress-as.js';
import { OWN_HOOK } from '../frameworks/fastify.js';
import { guardedCall } from '../guarded.js';
import type { LoadedModule } from '../module-hooks.js';
import type { ProbeHost } from '../probe.js';
import { middlewareOf } from './middleware.js';
import type { Method } from './outermost.js';

/** `onResponse` and the like run when the response has been sent. */
const HOOKS = [
  'onRequest',
  'preParsing',
  'preValidation',
  'preHandler',
  'preSerialization',
  'onSend',
] as const;
type Hook = (typeof HOOKS)[number];

const LIBRARY = 'fastify';
/** Fastify binds each function to its instance. */
const BOUND = 'bound ';

/** For fastify/lib/hooks.js. */
export function patchFastifyHooks({ exports }: LoadedModule, host: ProbeHost): void {
  const runners = exports as Record<string, Method | undefined>;
  for (const hook of HOOKS) {
    const name = `${hook}HookRunner`;
    const original = runners[name];
    if (typeof original !== 'function') continue;
    runners[name] = observedRunner(original, hook, host);
  }
}

/** A runner's arguments are the functions, the request, the reply, and last what to call then. */
function observedRunner(original: Method, hook: Hook, host: ProbeHost): Method {
  const middleware = middlewareOf(host);
  const name = `middleware, fastify ${hook}`;
  const enter = guardedCall(name, host.warn, (request: object, label: string) =>
    middleware.enter(request, LIBRARY, label),
  );
  const leave = guardedCall(name, host.warn, (request: object) => middleware.leave(request));
  const observedLists = new WeakMap<readonly Method[], readonly Method[]>();
  const observedOf = (functions: readonly Method[]): readonly Method[] => {
    const known = observedLists.get(functions);
    if (known !== undefined) return known;
    // An application without hooks has but ours.
    if (functions.every(isOwn)) {
      observedLists.set(functions, functions);
      return functions;
    }
    const made = functions.map((one) =>
      isOwn(one) ? one : observed(one, labelOf(one, hook), enter),
    );
    observedLists.set(functions, made);
    return made;
  };
  const wrapped = function (this: unknown, ...args: unknown[]): unknown {
    const [functions, request] = args as [readonly Method[], object];
    const then = args.at(-1) as Method;
    const list = observedOf(functions);
    if (list === functions) return original.apply(this, args);
    args[0] = list;
    args[args.length - 1] = function (this: unknown, ...results: unknown[]): unknown {
      leave(request);
      return then.apply(this, results);
    };
    return original.apply(this, args);
  };
  return dressAs(wrapped as never, original);
}

function observed(
  original: Method,
  label: string,
  enter: (request: object, label: string) => void,
): Method {
  const wrapped = function (this: unknown, ...args: unknown[]): unknown {
    enter(args[0] as object, label);
    return original.apply(this, args);
  };
  return dressAs(wrapped as never, original);
}

function labelOf(hook: Method, kind: Hook): string {
  const name = hook.name.startsWith(BOUND) ? hook.name.slice(BOUND.length) : hook.name;
  return name === '' || name === kind ? kind : `${kind} ${name}`;
}

function isOwn(hook: Method): boolean {
  return hook.name === `${BOUND}${OWN_HOOK}`;
}
