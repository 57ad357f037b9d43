/**
 * Pipes of Nest, each by the name of its class. Those of several parameters run side by side: each has
 * its own time, and to the request's sum of middleware they add the time while at least one of them ran.
 * Hot path.
 */
import { nowMs } from '../clock.js';
import { guardedCall } from '../guarded.js';
import type { ProbeHost } from '../probe.js';
import { replaceMethod } from '../replace-method.js';
import { endOf, timedFunction } from '../timed-call.js';
import { NO_LAYER, type Unit } from '../unit.js';
import { middlewareOf } from './middleware.js';
import type { Method } from './outermost.js';

const TITLE = 'middleware, nest pipes';

interface Pipe {
  readonly transform: Method;
}
/** What stands in for a pipe in one call: Nest asks nothing but `transform` of it. */
interface StandIn extends Pipe {
  readonly pipe: Pipe;
}
/** Where the list of pipes is among the arguments. */
const LIST_AT = 2;
/** Parameters of a unit whose pipes run, and since when. */
interface OpenPipes {
  count: number;
  readonly sinceMs: number;
}

/** For pipes/pipes-consumer.js of @nestjs/core in either build. */
export function patchNestPipes(exports: object, host: ProbeHost): void {
  const { PipesConsumer } = exports as { PipesConsumer?: { prototype?: object } };
  const open = new WeakMap<Unit, OpenPipes>();
  const observed = createObserve(host);
  const begin = guardedCall(TITLE, host.warn, (unit: Unit, args: unknown[]) => {
    // What is open led here: the handler.
    unit.layerSeries = NO_LAYER;
    const pipes = open.get(unit) ?? { count: 0, sinceMs: nowMs() };
    pipes.count += 1;
    open.set(unit, pipes);
    args[LIST_AT] = (args[LIST_AT] as unknown[]).map(observed);
  });
  const end = guardedCall(TITLE, host.warn, (unit: Unit) => {
    const pipes = open.get(unit);
    if (pipes === undefined) return;
    pipes.count -= 1;
    if (pipes.count > 0) return;
    open.delete(unit);
    unit.middlewareMs += nowMs() - pipes.sinceMs;
  });
  const isPatched = replaceMethod(
    PipesConsumer?.prototype,
    'apply',
    (apply) =>
      function (...args) {
        const unit = host.work.current();
        if (unit === undefined || !Array.isArray(args[LIST_AT])) return apply.apply(this, args);
        begin(unit, args);
        return endOf(
          () => apply.apply(this, args),
          () => end(unit),
        );
      },
  );
  if (isPatched) host.context.follow();
}

/**
 * Makes what stands in for a pipe. A pipe may be made anew for each request: all share one function, so
 * that what is made for each call is a small object.
 */
function createObserve(host: ProbeHost): (pipe: unknown) => unknown {
  const middleware = middlewareOf(host);
  const call: Method = function (this, ...args) {
    return (this as StandIn).pipe.transform(...args);
  };
  const transform = timedFunction(call, host, {
    name: TITLE,
    onEnd: ({ self, unit, startMs }) => {
      const { constructor: Class } = (self as StandIn).pipe as { constructor?: { name: string } };
      host.work.end(unit, middleware.series('nest', Class?.name), startMs);
    },
  });
  return (pipe) => {
    const isPipe = typeof (pipe as Partial<Pipe> | null | undefined)?.transform === 'function';
    return isPipe ? ({ pipe, transform } as StandIn) : pipe;
  };
}
