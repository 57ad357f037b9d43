/** Libraries whose calls are layers of a request: middleware, templates, validation, log-in … */
import type { Adapter } from '../adapter.js';
import { patchExpressMiddleware } from './express-middleware.js';

const EXPRESS = 'express 4.17, 4.22, 5.1, 5.3';

export const LAYER_ADAPTERS: readonly Adapter[] = [
  {
    library: 'express 4',
    tested: EXPRESS,
    probe: 'middleware',
    tier: 'after-hook',
    file: 'lib/router/layer.js',
    patch: patchExpressMiddleware,
  },
  {
    library: 'express 5, nest on express',
    tested: EXPRESS,
    probe: 'middleware',
    tier: 'after-hook',
    file: 'router/lib/layer.js',
    patch: patchExpressMiddleware,
  },
];
