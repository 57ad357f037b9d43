/**
 * Interceptors of Nest, each by the name of its class: until it passes the request on, and, as
 * `<name> (answer)`, from when an answer comes back until it is passed on. Two parts, because what lies
 * between is the handler's. One that gives back `next.handle()` as it is, `async` or not, has no second
 * part. Hot path.
 */
import { guardedCall } from '../guarded.js';
import { derive, isPlainPromise } from '../plain-promise.js';
import type { ProbeHost } from '../probe.js';
import { replaceMethod } from '../replace-method.js';
import { NO_LAYER, type Unit } from '../unit.js';
import { middlewareOf } from './middleware.js';
import type { Method } from './outermost.js';
import { type Observable, whenItAnswers } from './when-it-answers.js';

const TITLE = 'middleware, nest interceptors';

interface CallHandler {
  readonly handle: () => Observable;
}
interface Interceptor {
  readonly intercept: (context: unknown, next: CallHandler, ...rest: unknown[]) => unknown;
}
type Enter = (unit: Unit, interceptor: Interceptor, suffix: string) => void;
/** Where the list of interceptors and the handler are among the arguments. */
const [LIST_AT, HANDLER_AT] = [0, 4];

/** For interceptors/interceptors-consumer.js of @nestjs/core in either build. */
export function patchNestInterceptors(exports: object, host: ProbeHost): void {
  const { InterceptorsConsumer } = exports as { InterceptorsConsumer?: { prototype?: object } };
  const middleware = middlewareOf(host);
  const leave = guardedCall(TITLE, host.warn, (unit: Unit) => middleware.leaveOf(unit));
  const enter = guardedCall<Parameters<Enter>>(TITLE, host.warn, (unit, interceptor, suffix) =>
    middleware.enterOf(unit, 'nest', `${interceptor.constructor.name}${suffix}`),
  );
  const wrap = (intercept: Method): Method =>
    function (...args) {
      const [list, handler] = [args[LIST_AT], args[HANDLER_AT]];
      const unit = host.work.current();
      const isCall = Array.isArray(list) && list.length > 0 && typeof handler === 'function';
      if (unit === undefined || !isCall) return intercept.apply(this, args);
      // What is open led here: the handler.
      unit.layerSeries = NO_LAYER;
      args[LIST_AT] = list.map((one: Interceptor) => observed(one, unit, enter));
      args[HANDLER_AT] = () => {
        leave(unit);
        return (handler as () => unknown)();
      };
      const answers = intercept.apply(this, args);
      if (!isPlainPromise(answers)) return answers;
      return derive(
        answers,
        (answer) => whenItAnswers(answer, () => leave(unit)),
        (error) => {
          leave(unit);
          throw error;
        },
      );
    };
  if (replaceMethod(InterceptorsConsumer?.prototype, 'intercept', wrap as never)) {
    host.context.follow();
  }
}

/** Each that begins ends the one before it, on the way to the handler and back. */
function observed(original: Interceptor, unit: Unit, enter: Enter): Interceptor {
  return {
    intercept(context, next, ...rest) {
      enter(unit, original, '');
      let passed: unknown;
      let isTouched = true;
      const handle = (): Observable => {
        const answer = whenItAnswers(next.handle(), () => {
          if (isTouched) enter(unit, original, ' (answer)');
        });
        passed = answer;
        return answer as Observable;
      };
      const settle = (result: unknown): unknown => {
        isTouched = result !== passed;
        return result;
      };
      const result = original.intercept(context, { handle }, ...rest);
      // Nest subscribes to what an `async` one gives back when that is settled.
      return isPlainPromise(result) ? derive(result, settle, rethrow) : settle(result);
    },
  };
}

function rethrow(error: unknown): never {
  throw error;
}
