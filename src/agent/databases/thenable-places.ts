/**
 * Who waits for what is awaited without being a promise: a query builder whose `then` sets the query off. Before
 * Node.js 26 `await` calls that in a turn of its own, in which V8 knows nobody, but what it is called with settles a
 * promise of whoever awaits: in a turn that ends in the same call V8 knows who that is. So a promise that never
 * settles is given the same functions, and its turn is looked at, which is to come before that of a result that is
 * there at once. Any application thread; hot path: a call and a comparison while no place is wanted, else a turn.
 */
import { guardedCall } from '../guarded.js';
import { observe, turnOf } from '../plain-promise.js';
import type { ProbeHost } from '../probe.js';
import type { LostQuery } from '../query-places.js';
import { replaceMethod } from '../replace-method.js';

type Settle = (value: unknown) => void;

/** A `then` that is running. */
interface Open {
  lost: LostQuery | undefined;
  readonly turn: Promise<unknown>;
}

/** For the prototype of a class whose `then` makes a query. */
export function watchThen(prototype: object | undefined, { places, warn }: ProbeHost): void {
  const name = 'place of what is awaited';
  const tell = guardedCall(name, warn, ({ unit, series }: LostQuery) =>
    places.meetLate(unit, series),
  );
  const begin = guardedCall(name, warn, (): Open | undefined => {
    if (!places.isAnyWanted) return undefined;
    const look = (): void => {
      if (open.lost !== undefined) tell(open.lost);
    };
    const open: Open = { lost: undefined, turn: turnOf(look) };
    places.beginThen();
    return open;
  });
  const end = guardedCall(name, warn, (open: Open, onValue: unknown, onError: unknown) => {
    open.lost = places.endThen();
    if (open.lost !== undefined) observe(open.turn, onValue as Settle, onError as Settle);
  });
  replaceMethod(
    prototype,
    'then',
    (original) =>
      function (this: object, ...args: unknown[]): unknown {
        const open = begin();
        if (open === undefined) return original.apply(this, args);
        try {
          return original.apply(this, args);
        } finally {
          end(open, args[0], args[1]);
        }
      },
  );
}
