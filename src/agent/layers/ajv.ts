/**
 * Ajv 8: the functions that it compiles, which carry their errors as properties and are stood in for by
 * proxies. Fastify compiles the schemas of its routes with it: those count as `fastify`.
 */
import { dressAs } from '../dress-as.js';
import type { LoadedModule } from '../module-hooks.js';
import type { ProbeHost } from '../probe.js';
import type { Method } from './outermost.js';
import { perHost } from './per-host.js';
import { replaceFunction } from './replace-function.js';
import { validationsOf } from './validation.js';

const REFUSAL = 'ValidationError';

/** The stand-in of a validator for a library: always the same for the same two. */
type StandInOf = (validator: Method, library: string) => Method;

const standInsOf: (host: ProbeHost) => StandInOf = perHost((host) => {
  const originals = new WeakMap<Method, Method>();
  const made = new Map<string, WeakMap<Method, Method>>();
  return (validator, library) => {
    const original = originals.get(validator) ?? validator;
    const known = made.get(library) ?? new WeakMap<Method, Method>();
    made.set(library, known);
    const standIn = known.get(original) ?? standInOf(original, library, host);
    known.set(original, standIn);
    originals.set(standIn, original);
    return standIn;
  };
});

function standInOf(validator: Method, library: string, host: ProbeHost): Method {
  const isRefused = (result: unknown): boolean => result === false;
  const timed = validationsOf(host).time(validator, { library, refusal: REFUSAL, isRefused });
  return replaceFunction(validator, (self, args) => timed.apply(self, args));
}

/** For ajv/dist/core.js. */
export function patchAjv({ exports }: LoadedModule, host: ProbeHost): void {
  const { default: Ajv } = exports as { default?: { prototype?: Record<string, Method> } };
  const prototype = Ajv?.prototype;
  if (prototype === undefined) return;
  for (const name of ['compile', 'getSchema']) replaceResult(prototype, name, host, 'ajv');
  const { validateSchema } = prototype;
  if (validateSchema !== undefined) prototype.validateSchema = silent(validateSchema, host);
}

/** For lib/validator-compiler.js of @fastify/ajv-compiler. */
export function patchFastifyValidators({ exports }: LoadedModule, host: ProbeHost): void {
  const { prototype } = exports as { prototype?: Record<string, Method> };
  if (prototype !== undefined) {
    replaceResult(prototype, 'buildValidatorFunction', host, 'fastify');
  }
}

function replaceResult(
  prototype: Record<string, Method>,
  name: string,
  host: ProbeHost,
  library: string,
): void {
  const original = prototype[name];
  if (original === undefined) return;
  const quiet = silent(original, host);
  const wrapped = function (this: unknown, ...args: unknown[]): unknown {
    const validator = quiet.apply(this, args);
    return typeof validator === 'function'
      ? standInsOf(host)(validator as Method, library)
      : validator;
  };
  prototype[name] = dressAs(wrapped as never, original);
}

/** What Ajv checks while it compiles is schemas against that for schemas: no input. */
function silent(original: Method, host: ProbeHost): Method {
  const wrapped = function (this: unknown, ...args: unknown[]): unknown {
    return validationsOf(host).outermost.silently(() => original.apply(this, args));
  };
  return dressAs(wrapped as never, original);
}
