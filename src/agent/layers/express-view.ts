/**
 * `res.render` and `app.render` of Express with any engine: what the engine does under it is not
 * counted again, also when it is asynchronous.
 */
import type { LoadedModule } from '../module-hooks.js';
import type { ProbeHost } from '../probe.js';
import { templatesOf } from './templates.js';

interface View {
  /** As the application named it. */
  readonly name?: string;
}

/** For lib/view.js of Express 4 and 5. */
export function patchExpressView({ exports }: LoadedModule, host: ProbeHost): void {
  const { prototype } = (exports ?? {}) as { prototype?: { lookup?: unknown } };
  // A file of this name may be anybody's.
  if (typeof prototype?.lookup !== 'function') return;
  const templates = templatesOf(host);
  const timing = templates.timing({
    library: 'express',
    nameOf: ({ self }) => (self as View).name,
    takesCallback: true,
  });
  templates.outermost.timeMethod(prototype, 'render', timing, true);
}
