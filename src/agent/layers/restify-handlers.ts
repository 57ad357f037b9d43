/**
 * Handlers of restify's `pre` and `use`. It times each handler for itself, which is where they are
 * observed; those of a route are no middleware, and are told by the chain that runs. Hot path.
 */
import type { LoadedModule } from '../module-hooks.js';
import { beforeCall } from '../patch-method.js';
import type { ProbeHost } from '../probe.js';
import { middlewareOf } from './middleware.js';
import { perHost } from './per-host.js';

const CHAIN: unique symbol = Symbol('tachograph.chain');

interface Request {
  [CHAIN]?: object;
}
interface Server {
  readonly preChain?: object;
  readonly useChain?: object;
}

/** Chains of `pre` and `use`. */
const chainsOf: (host: ProbeHost) => WeakSet<object> = perHost(() => new WeakSet());

/** For restify/lib/server.js. */
export function patchRestifyServer({ exports }: LoadedModule, host: ProbeHost): void {
  const { prototype } = exports as { prototype?: object };
  const remember = (server: object): void => {
    const { preChain, useChain } = server as Server;
    for (const chain of [preChain, useChain]) {
      if (chain !== undefined) chainsOf(host).add(chain);
    }
  };
  for (const name of ['pre', 'use']) beforeCall(prototype, name, host.warn, remember);
}

/** For restify/lib/chain.js. */
export function patchRestifyChain({ exports }: LoadedModule, host: ProbeHost): void {
  const { prototype } = exports as { prototype?: object };
  beforeCall(prototype, 'run', host.warn, (chain: object, request: object) => {
    (request as Request)[CHAIN] = chain;
  });
}

/** For restify/lib/request.js, which exports what gives the prototype of requests its methods. */
export function patchRestifyRequest(loaded: LoadedModule, host: ProbeHost): void {
  const original = loaded.exports as (this: unknown, Request: { prototype?: object }) => unknown;
  if (typeof original !== 'function') return;
  const middleware = middlewareOf(host);
  loaded.exports = function patch(this: unknown, RequestClass: { prototype?: object }): unknown {
    const result = original.call(this, RequestClass);
    const { prototype } = RequestClass ?? {};
    beforeCall(prototype, 'startHandlerTimer', host.warn, (request: object, name: unknown) => {
      const chain = (request as Request)[CHAIN];
      if (chain === undefined || !chainsOf(host).has(chain)) middleware.leave(request);
      else middleware.enter(request, 'restify', String(name));
    });
    beforeCall(prototype, 'endHandlerTimer', host.warn, (request: object) =>
      middleware.leave(request),
    );
    return result;
  };
}
