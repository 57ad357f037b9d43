/**
 * Guards and pipes of Nest: those of one handler or parameter together, by the names of their classes.
 * (Its middleware is that of the framework under it; interceptors go around a handler.) Hot path.
 */
import { guardedCall } from '../guarded.js';
import { beforeCall } from '../patch-method.js';
import type { ProbeHost } from '../probe.js';
import { type TimedCall, timeMethod } from '../timed-call.js';
import { NO_LAYER, type Unit } from '../unit.js';
import { middlewareOf } from './middleware.js';

const LIBRARY = 'nest';

/** For guards/guards-consumer.js of @nestjs/core in either build. */
export function patchNestGuards(exports: object, host: ProbeHost): void {
  const { GuardsConsumer } = exports as { GuardsConsumer?: { prototype?: object } };
  watch(GuardsConsumer?.prototype, 'tryActivate', 0, host);
}

/** For pipes/pipes-consumer.js of @nestjs/core in either build. */
export function patchNestPipes(exports: object, host: ProbeHost): void {
  const { PipesConsumer } = exports as { PipesConsumer?: { prototype?: object } };
  watch(PipesConsumer?.prototype, 'apply', 2, host);
}

/** `listAt` is the argument that has the guards or pipes; a handler may have none. */
function watch(prototype: object | undefined, name: string, listAt: number, host: ProbeHost): void {
  const middleware = middlewareOf(host);
  const isCall = (_: unknown, args: readonly unknown[]): boolean =>
    Array.isArray(args[listAt]) && args[listAt].length > 0;
  /** Units in which a layer of ours is open. Any other is the handler, which led here. */
  const own = new WeakSet<Unit>();
  const leave = guardedCall('middleware, nest', host.warn, ({ unit }: TimedCall) => {
    if (unit === undefined || !own.delete(unit)) return;
    middleware.leaveOf(unit);
  });
  if (!timeMethod(prototype, name, host, { name: 'middleware, nest', isCall, onEnd: leave }))
    return;
  host.context.follow();
  beforeCall(prototype, name, host.warn, (_: object, ...args: unknown[]) => {
    const unit = host.work.current();
    if (unit === undefined || !isCall(undefined, args)) return;
    if (!own.has(unit)) unit.layerSeries = NO_LAYER;
    own.add(unit);
    middleware.enterOf(unit, LIBRARY, namesOf(args[listAt] as readonly object[]));
  });
}

function namesOf(parts: readonly object[]): string {
  return parts.map((part) => part.constructor.name).join(', ');
}
