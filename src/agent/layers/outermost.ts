/**
 * Times calls of one kind, of which the outermost alone counts: a template includes others, an engine
 * renders under a view, a schema is checked within another. Within is what runs before the outer call
 * has returned or called back; what it does later, after an `await`, stands for itself. Hot path.
 */
import { dressAs } from '../dress-as.js';
import type { ProbeHost } from '../probe.js';
import { replaceMethod } from '../replace-method.js';
import { type Timing, timedFunction } from '../timed-call.js';
import type { Unit } from '../unit.js';

export type Method = (this: unknown, ...args: unknown[]) => unknown;

export class Outermost {
  readonly #host: ProbeHost;
  #isInside = false;
  /** Units with a call open that covers whatever they do of this kind until it ends. */
  readonly #covered = new WeakSet<Unit>();

  constructor(host: ProbeHost) {
    this.#host = host;
  }

  /** `isCovering`: also what its unit does after an `await` is within. */
  time<Original extends Method>(original: Original, timing: Timing, isCovering = false): Original {
    const timed = timedFunction(original, this.#host, {
      ...timing,
      onEnd: (call) => {
        this.#isInside = false;
        if (isCovering && call.unit !== undefined) this.#covered.delete(call.unit);
        timing.onEnd(call);
      },
    });
    const enter = (): boolean => this.#enter(isCovering);
    const leave = (): void => {
      this.#isInside = false;
    };
    const wrapped = function (this: unknown, ...args: unknown[]): unknown {
      if (!enter()) return original.apply(this, args);
      try {
        return timed.apply(this, args);
      } finally {
        leave();
      }
    };
    return dressAs(wrapped as never, original) as Original;
  }

  /** As `time`, of a method. False when there is none: another version of the library. */
  timeMethod(
    target: object | undefined,
    name: string,
    timing: Timing,
    isCovering = false,
  ): boolean {
    return replaceMethod(target, name, (original) =>
      this.time(original as Method, timing, isCovering),
    );
  }

  /** Calls `work`, within which nothing counts. */
  silently<Result>(work: () => Result): Result {
    const wasInside = this.#isInside;
    this.#isInside = true;
    try {
      return work();
    } finally {
      this.#isInside = wasInside;
    }
  }

  #enter(isCovering: boolean): boolean {
    if (this.#isInside) return false;
    const unit = this.#host.work.current();
    if (unit !== undefined && this.#covered.has(unit)) return false;
    this.#isInside = true;
    if (isCovering && unit !== undefined) this.#covered.add(unit);
    return true;
  }
}
