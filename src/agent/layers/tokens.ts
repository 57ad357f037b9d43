/** JSON Web Tokens signed and verified: jsonwebtoken, jose, fast-jwt. A refusal has an `error.type`. */
import { JWT_DURATION } from '../../shared/application-metrics.js';
import { dressAs } from '../dress-as.js';
import { LabelSeries } from '../label-series.js';
import { LAYER } from '../layer.js';
import type { LoadedModule } from '../module-hooks.js';
import type { ProbeHost } from '../probe.js';
import { errorTypeOf, type Timing, timedFunction, timeMethod } from '../timed-call.js';
import type { Method } from './outermost.js';
import { perHost } from './per-host.js';
import { withPropertiesOf } from './replace-function.js';

type TimingOf = (library: string, operation: 'sign' | 'verify', takesCallback?: boolean) => Timing;

const timingsOf: (host: ProbeHost) => TimingOf = perHost((host) => {
  const series = new LabelSeries(host.recorder, JWT_DURATION);
  host.context.follow();
  return (library, operation, takesCallback = false) => ({
    name: `tokens, ${library}`,
    takesCallback,
    onEnd: ({ unit, startMs, error }) =>
      host.work.endLayer(
        LAYER.token,
        unit,
        series.id(library, operation, errorTypeOf(error)),
        startMs,
      ),
  });
});

/** For jsonwebtoken/index.js. */
export function patchJsonwebtoken({ exports }: LoadedModule, host: ProbeHost): void {
  for (const operation of ['sign', 'verify'] as const) {
    timeMethod(
      exports as object,
      operation,
      host,
      timingsOf(host)('jsonwebtoken', operation, true),
    );
  }
}

/** For fast-jwt/src/index.js: its factories give the functions that sign and verify. */
export function patchFastJwt({ exports }: LoadedModule, host: ProbeHost): void {
  const library = exports as Record<string, Method | undefined>;
  const factories = [
    ['createSigner', 'sign'],
    ['createVerifier', 'verify'],
  ] as const;
  for (const [name, operation] of factories) {
    const original = library[name];
    if (original === undefined) continue;
    const timing = timingsOf(host)('fast-jwt', operation, true);
    const wrapped = function (this: unknown, ...args: unknown[]): unknown {
      const made = original.apply(this, args) as Method;
      return withPropertiesOf(timedFunction(made, host, timing), made);
    };
    library[name] = dressAs(wrapped as never, original);
  }
}

/** For jwt/sign.js of jose. */
export function patchJoseSign(exports: object, host: ProbeHost): void {
  const { SignJWT } = exports as { SignJWT?: { prototype?: object } };
  timeMethod(SignJWT?.prototype, 'sign', host, timingsOf(host)('jose', 'sign'));
}

/** For jwt/verify.js of jose: what takes the place of its function. */
export function patchJoseVerify(exports: object, host: ProbeHost): { readonly jwtVerify?: Method } {
  const { jwtVerify } = exports as { jwtVerify?: Method };
  if (typeof jwtVerify !== 'function') return {};
  return { jwtVerify: timedFunction(jwtVerify, host, timingsOf(host)('jose', 'verify')) };
}
