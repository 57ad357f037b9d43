/**
 * Who waits for what is awaited without being a promise: a query builder whose `then` sets the query off. Before
 * Node.js 26 `await` calls that in a turn of its own, in which V8 knows nobody, but what it is called with settles a
 * promise of whoever awaits: in a turn that ends in the same call V8 knows who that is. So a promise that never
 * settles is given the same functions, and its turn is looked at, which is to come before that of a result that is
 * there at once. Any application thread; hot path: a call and a comparison while no place is wanted, else a turn.
 */
import { guardedCall } from '../guarded.js';
import { derive, observe } from '../plain-promise.js';
import type { ProbeHost } from '../probe.js';
import type { LostQuery } from '../query-places.js';
import { replaceMethod } from '../replace-method.js';

type Settle = (value: unknown) => void;

/** For the prototype of a class whose `then` makes a query. */
export function watchThen(prototype: object | undefined, { places, warn }: ProbeHost): void {
  const tell = guardedCall('place of what is awaited', warn, ({ unit, series }: LostQuery) =>
    places.meetLate(unit, series),
  );
  replaceMethod(
    prototype,
    'then',
    (original) =>
      function (this: object, ...args: unknown[]): unknown {
        if (!places.isAnyWanted) return original.apply(this, args);
        places.takeLost();
        let lost: LostQuery | undefined;
        const turn = derive(
          Promise.resolve(),
          () => {
            if (lost !== undefined) tell(lost);
            // Not one for all: it would keep everybody who waits for it.
            return new Promise(() => {});
          },
          rethrow,
        );
        const result = original.apply(this, args);
        lost = places.takeLost();
        if (lost !== undefined) observe(turn, args[0] as Settle, args[1] as Settle);
        return result;
      },
  );
}

function rethrow(error: unknown): never {
  throw error;
}
