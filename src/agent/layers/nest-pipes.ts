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
/** Parameters of a unit whose pipes run, and since when. */
interface OpenPipes {
  count: number;
  readonly sinceMs: number;
}

/** For pipes/pipes-consumer.js of @nestjs/core in either build. */
export function patchNestPipes(exports: object, host: ProbeHost): void {
  const { PipesConsumer } = exports as { PipesConsumer?: { prototype?: object } };
  const open = new WeakMap<Unit, OpenPipes>();
  const begin = guardedCall(TITLE, host.warn, (unit: Unit) => {
    // What is open led here: the handler.
    unit.layerSeries = NO_LAYER;
    const pipes = open.get(unit) ?? { count: 0, sinceMs: nowMs() };
    pipes.count += 1;
    open.set(unit, pipes);
  });
  const end = guardedCall(TITLE, host.warn, (unit: Unit) => {
    const pipes = open.get(unit);
    if (pipes === undefined) return;
    pipes.count -= 1;
    if (pipes.count > 0) return;
    open.delete(unit);
    unit.middlewareMs += nowMs() - pipes.sinceMs;
  });
  const observed = createObserve(host);
  const isPatched = replaceMethod(
    PipesConsumer?.prototype,
    'apply',
    (apply) =>
      function (...args) {
        const [value, metadata, pipes, ...rest] = args;
        const unit = host.work.current();
        if (unit === undefined || !Array.isArray(pipes)) return apply.apply(this, args);
        begin(unit);
        const list = pipes.map(observed);
        return endOf(
          () => apply.call(this, value, metadata, list, ...rest),
          () => end(unit),
        );
      },
  );
  if (isPatched) host.context.follow();
}

/** What stands in for a pipe, made once for each: Nest asks nothing but `transform` of it. */
function createObserve(host: ProbeHost): (pipe: Pipe) => Pipe {
  const middleware = middlewareOf(host);
  const known = new WeakMap<Pipe, Pipe>();
  return (pipe) => {
    const made = known.get(pipe);
    if (made !== undefined) return made;
    const transform = timedFunction((...args) => pipe.transform(...args), host, {
      name: TITLE,
      onEnd: ({ unit, startMs }) =>
        host.work.end(unit, middleware.series('nest', pipe.constructor.name), startMs),
    });
    known.set(pipe, { transform });
    return { transform };
  };
}
