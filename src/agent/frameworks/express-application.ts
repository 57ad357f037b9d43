/**
 * Marks a request as Express's before anything of it runs, so that an answer of Express itself (an
 * automatic OPTIONS) is not taken for a server without a framework. Hot path.
 */
import type { Warn } from '../guarded.js';
import type { LoadedModule } from '../module-hooks.js';
import { beforeCall } from '../patch-method.js';
import { type RoutedRequest, visitOf } from './router-visit.js';

export function patchApplication({ exports }: LoadedModule, warn: Warn): void {
  // The file's path alone does not say that it is Express's.
  const application = exports as { defaultConfiguration?: unknown };
  if (typeof application?.defaultConfiguration !== 'function') return;
  beforeCall(application, 'handle', warn, (_: object, request: RoutedRequest) => {
    visitOf(request);
  });
}
