/** The names of harnesses, apart from their code so that the command line can be read without loading it. */

/** @type {readonly string[]} In the order in which they run. */
export const HARNESS_NAMES = [
  'wire',
  'start-up',
  'resting',
  'in-memory',
  'loopback',
  'stall',
  'sustained',
  'micro',
  'growth',
  'instructions',
];
