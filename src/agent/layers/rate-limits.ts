/**
 * Decisions of rate limiters, and what allowance they left: express-rate-limit, @fastify/rate-limit,
 * rate-limiter-flexible. A limiter that could not decide (its store failed) has not decided. Hot path.
 */
import { RATE_LIMIT_DECISIONS, RATE_LIMIT_REMAINING } from '../../shared/application-metrics.js';
import { guardedCall } from '../guarded.js';
import type { LoadedModule } from '../module-hooks.js';
import { derive, isPlainPromise } from '../plain-promise.js';
import type { ProbeHost } from '../probe.js';
import { replaceMethod } from '../replace-method.js';
import { timeMethod } from '../timed-call.js';
import type { Method } from './outermost.js';
import { replaceFunction, withPropertiesOf } from './replace-function.js';

type Decide = (isAllowed: boolean, remaining: number) => void;

function createDecide({ recorder }: ProbeHost, library: string): Decide {
  const allowed = recorder.series(RATE_LIMIT_DECISIONS, [library, 'allowed']);
  const refused = recorder.series(RATE_LIMIT_DECISIONS, [library, 'refused']);
  const left = recorder.series(RATE_LIMIT_REMAINING, [library]);
  return (isAllowed, remaining) => {
    recorder.record(isAllowed ? allowed : refused, 1);
    if (Number.isFinite(remaining)) recorder.record(left, Math.max(0, Math.trunc(remaining)));
  };
}

interface LimitInfo {
  readonly limit: number;
  readonly used: number;
  readonly remaining: number;
}
type Middleware = (request: Record<string, unknown>, response: object, next: Method) => unknown;

/** For dist/index.cjs of express-rate-limit. */
export function patchExpressRateLimit(loaded: LoadedModule, host: ProbeHost): void {
  const original = loaded.exports as Method;
  if (typeof original === 'function') loaded.exports = watchedLimiter(original, host);
}

/** For dist/index.mjs: what takes the place of what it exports twice. */
export function patchExpressRateLimitModule(
  exports: object,
  host: ProbeHost,
): { readonly rate_limit_default?: Method } {
  const { rateLimit } = exports as { rateLimit?: Method };
  if (typeof rateLimit !== 'function') return {};
  return { rate_limit_default: watchedLimiter(rateLimit, host) };
}

/** It leaves what it has decided on the request, under a name that may be chosen. */
function watchedLimiter(rateLimit: Method, host: ProbeHost): Method {
  const decide = createDecide(host, 'express-rate-limit');
  const observe = guardedCall('rate-limits', host.warn, (info: unknown) => {
    const { limit, used, remaining } = (info ?? {}) as Partial<LimitInfo>;
    // It was told to skip this request.
    if (limit === undefined || used === undefined) return;
    decide(used <= limit, remaining ?? Number.NaN);
  });
  return replaceFunction(rateLimit, (self, args) => {
    const middleware = rateLimit.apply(self, args) as Middleware;
    const { requestPropertyName = 'rateLimit' } = (args[0] ?? {}) as {
      requestPropertyName?: string;
    };
    const wrapped = function (this: unknown, ...parts: Parameters<Middleware>): unknown {
      const [request, response, next] = parts;
      let isObserved = false;
      const observeOnce = (): void => {
        if (!isObserved) observe(request[requestPropertyName]);
        isObserved = true;
      };
      const passOn: Method = function (...given) {
        observeOnce();
        return next.apply(this, given);
      };
      const result = Reflect.apply(middleware, this, [request, response, passOn]);
      // Who is refused is answered, and not passed on.
      if (!isPlainPromise(result)) return result;
      return derive(result, (value) => {
        observeOnce();
        return value;
      });
    };
    return withPropertiesOf(wrapped as Method, middleware);
  });
}

/** For the stores of @fastify/rate-limit: `incr(key, callback, timeWindow, max)`. */
export function patchFastifyRateLimitStore({ exports }: LoadedModule, host: ProbeHost): void {
  const { prototype } = exports as { prototype?: { incr?: unknown } };
  if (typeof prototype?.incr !== 'function') return;
  const decide = createDecide(host, '@fastify/rate-limit');
  const observe = guardedCall('rate-limits', host.warn, (result: unknown, max: unknown) => {
    const { current } = (result ?? {}) as { current?: number };
    if (current !== undefined && typeof max === 'number') decide(current <= max, max - current);
  });
  replaceMethod(
    prototype,
    'incr',
    (incr) =>
      function (...args) {
        const [, callback, , max] = args;
        if (typeof callback !== 'function') return incr.apply(this, args);
        args[1] = function (this: unknown, ...results: unknown[]): unknown {
          if (!results[0]) observe(results[1], max);
          return (callback as Method).apply(this, results);
        };
        return incr.apply(this, args);
      },
  );
}

interface FlexibleResult {
  readonly remainingPoints?: number;
}

/** For the classes of rate-limiter-flexible that decide; a refusal is rejected with the result. */
export function patchRateLimiterFlexible({ exports }: LoadedModule, host: ProbeHost): void {
  const { prototype } = exports as { prototype?: object };
  const decide = createDecide(host, 'rate-limiter-flexible');
  timeMethod(prototype, 'consume', host, {
    name: 'rate-limits, rate-limiter-flexible',
    onEnd: ({ error, result }) => {
      const { remainingPoints } = (error ?? result ?? {}) as FlexibleResult;
      if (remainingPoints !== undefined) decide(error === undefined, remainingPoints);
    },
  });
}
