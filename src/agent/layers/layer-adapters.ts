/** Libraries whose calls are layers of a request: middleware, templates, validation, log-in … */
import type { Adapter } from '../adapter.js';
import { IDENTITY_ADAPTERS } from './identity-adapters.js';
import { MIDDLEWARE_ADAPTERS } from './middleware-adapters.js';
import { RESPONSE_ADAPTERS } from './response-adapters.js';
import { TEMPLATE_ADAPTERS } from './template-adapters.js';
import { VALIDATION_ADAPTERS } from './validation-adapters.js';

export const LAYER_ADAPTERS: readonly Adapter[] = [
  ...MIDDLEWARE_ADAPTERS,
  ...TEMPLATE_ADAPTERS,
  ...VALIDATION_ADAPTERS,
  ...IDENTITY_ADAPTERS,
  ...RESPONSE_ADAPTERS,
];
