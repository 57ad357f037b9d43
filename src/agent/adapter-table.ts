/** Every adapter: what is instrumented, in which versions, and how. */
import type { Adapter } from './adapter.js';
import { DATABASE_ADAPTERS } from './databases/database-adapters.js';
import { STORE_ADAPTERS } from './databases/store-adapters.js';
import { FRAMEWORK_ADAPTERS } from './frameworks/framework-adapters.js';
import { JOB_ADAPTERS } from './jobs/job-adapters.js';
import { LAYER_ADAPTERS } from './layers/layer-adapters.js';

export const ADAPTERS: readonly Adapter[] = [
  ...FRAMEWORK_ADAPTERS,
  ...LAYER_ADAPTERS,
  ...DATABASE_ADAPTERS,
  ...STORE_ADAPTERS,
  ...JOB_ADAPTERS,
];
