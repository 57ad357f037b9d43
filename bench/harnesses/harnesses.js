/** The harnesses by name, in the order in which they run. */
import { growth } from './growth.js';
import { inMemory } from './in-memory.js';
import { instructions } from './instructions.js';
import { loopback } from './loopback.js';
import { micro } from './micro.js';
import { resting } from './resting.js';
import { stall } from './stall.js';
import { startUp } from './start-up.js';
import { sustained } from './sustained.js';
import { wire } from './wire.js';

/** @type {Readonly<Record<string, import('./rows.js').Harness>>} */
export const HARNESSES = {
  // First: it may have to install something, and had better fail at once.
  wire,
  'start-up': startUp,
  resting,
  'in-memory': inMemory,
  loopback,
  stall,
  sustained,
  micro,
  growth,
  instructions,
};
