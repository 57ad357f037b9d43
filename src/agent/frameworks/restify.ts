/** Restify: the route hangs on the request, with the path it was registered with. Hot path. */
import type { IncomingMessage } from 'node:http';
import type { Warn } from '../guarded.js';
import type { LoadedModule } from '../module-hooks.js';
import { beforeCall } from '../patch-method.js';
import { type RouteResolver, setResolver } from '../request-state.js';
import { type Pattern, unlessUnmatched } from './template.js';

interface RestifyRequest extends IncomingMessage {
  readonly route?: { readonly path?: Pattern };
}

const restifyResolver: RouteResolver = ({ request }, statusCode) => {
  const path = (request as RestifyRequest | undefined)?.route?.path;
  return unlessUnmatched(path === undefined ? undefined : String(path), statusCode);
};

/** For restify/lib/server.js. */
export function patchRestify({ exports }: LoadedModule, warn: Warn): void {
  const { prototype } = exports as { prototype?: object };
  beforeCall(prototype, '_onRequest', warn, (_: object, request: RestifyRequest) =>
    setResolver(request, restifyResolver),
  );
}
