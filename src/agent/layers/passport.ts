/**
 * Passport: each attempt of each strategy, from its start to what it decides. One that is refused has
 * the `error.type` `refused`; one that passes (no session yet) or redirects has none.
 */
import { AUTHENTICATION_DURATION } from '../../shared/application-metrics.js';
import { nowMs } from '../clock.js';
import { dressAs } from '../dress-as.js';
import { guardedCall } from '../guarded.js';
import { LabelSeries } from '../label-series.js';
import { LAYER } from '../layer.js';
import type { LoadedModule } from '../module-hooks.js';
import { beforeCall } from '../patch-method.js';
import type { ProbeHost } from '../probe.js';
import { errorTypeOf } from '../timed-call.js';
import type { Unit } from '../unit.js';
import { BoundedNames } from './bounded-names.js';
import type { Method } from './outermost.js';

/** What a strategy calls on itself when it has decided; Passport sets them for each attempt. */
const DECISIONS = ['success', 'fail', 'redirect', 'pass', 'error'] as const;

interface Strategy {
  readonly name?: unknown;
  authenticate?: Method;
}
type End = (strategy: string, unit: Unit | undefined, startMs: number, error: string) => void;

/** For passport/lib/authenticator.js. */
export function patchPassport({ exports }: LoadedModule, host: ProbeHost): void {
  const { prototype } = exports as { prototype?: object };
  const series = new LabelSeries(host.recorder, AUTHENTICATION_DURATION);
  const names = new BoundedNames();
  const watched = new WeakSet<object>();
  const { warn, work, context } = host;
  const end = guardedCall<Parameters<End>>('authentication, passport', warn, (name, ...rest) => {
    const [unit, startMs, error] = rest;
    work.endLayer(
      LAYER.authentication,
      unit,
      series.id('passport', names.take(name), error),
      startMs,
    );
  });
  const watch = (candidate: unknown, name: unknown): void => {
    const strategy = candidate as Strategy | undefined;
    if (typeof strategy?.authenticate !== 'function' || watched.has(strategy)) return;
    watched.add(strategy);
    watchStrategy(strategy, String(name ?? strategy.name ?? ''), host, end);
  };
  beforeCall(prototype, 'use', warn, (_: object, name: unknown, strategy?: unknown) =>
    strategy === undefined ? watch(name, undefined) : watch(strategy, name),
  );
  // A strategy may be given here instead of a name.
  beforeCall(prototype, 'authenticate', warn, (_: object, given: unknown) => {
    for (const one of [given].flat()) watch(one, undefined);
  });
  context.follow();
}

/**
 * Passport makes an object for each attempt whose prototype is the strategy, and gives it functions
 * for the decisions: those are observed.
 */
function watchStrategy(strategy: Strategy, name: string, { work }: ProbeHost, end: End): void {
  const original = strategy.authenticate as Method;
  const wrapped = function (this: unknown, ...args: unknown[]): unknown {
    const attempt = this as Record<string, Method | undefined>;
    const [unit, startMs] = [work.current(), nowMs()];
    let isEnded = false;
    const decide = (error: string): void => {
      if (!isEnded) end(name, unit, startMs, error);
      isEnded = true;
    };
    for (const decision of DECISIONS) {
      const tell = attempt[decision];
      if (typeof tell !== 'function') continue;
      // Without a name as Passport's own are. Only what calls it sees it: to dress one takes 2 µs.
      attempt[decision] = function (this: unknown, ...details: unknown[]): unknown {
        decide(errorOf(decision, details));
        return tell.apply(this, details);
      };
    }
    return original.apply(this, args);
  };
  const value = dressAs(wrapped as never, original);
  Object.defineProperty(strategy, 'authenticate', { value, writable: true, configurable: true });
}

function errorOf(decision: (typeof DECISIONS)[number], [detail]: unknown[]): string {
  if (decision === 'fail') return 'refused';
  return decision === 'error' ? (errorTypeOf(detail) ?? 'error') : '';
}
