/**
 * Guards of Nest: those of one handler together, by the names of their classes. (Its middleware is that of
 * the framework under it.) Hot path.
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
  const middleware = middlewareOf(host);
  /** Units in which a layer of ours is open. Any other is the handler, which led here. */
  const own = new WeakSet<Unit>();
  const onEnd = guardedCall('middleware, nest', host.warn, ({ unit }: TimedCall) => {
    if (unit === undefined || !own.delete(unit)) return;
    middleware.leaveOf(unit);
  });
  const timing = { name: 'middleware, nest', isCall: hasGuards, onEnd };
  if (!timeMethod(GuardsConsumer?.prototype, 'tryActivate', host, timing)) return;
  host.context.follow();
  beforeCall(GuardsConsumer?.prototype, 'tryActivate', host.warn, (_, ...args: unknown[]) => {
    const unit = host.work.current();
    if (unit === undefined || !hasGuards(undefined, args)) return;
    if (!own.has(unit)) unit.layerSeries = NO_LAYER;
    own.add(unit);
    middleware.enterOf(unit, LIBRARY, namesOf(args[0] as readonly object[]));
  });
}

/** A handler may have none. */
function hasGuards(_: unknown, [guards]: readonly unknown[]): boolean {
  return Array.isArray(guards) && guards.length > 0;
}

function namesOf(guards: readonly object[]): string {
  return guards.map((guard) => guard.constructor.name).join(', ');
}
