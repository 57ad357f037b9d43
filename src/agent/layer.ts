/**
 * Kinds of layers whose time is summed up for each request, besides its middleware and its queries. Few:
 * each that a route uses is a series of that route.
 */

/** Index of a kind in LAYERS. */
export const LAYER = {
  template: 0,
  validation: 1,
  authentication: 2,
  session: 3,
  token: 4,
  serialization: 5,
  graphql: 6,
} as const;
export type Layer = (typeof LAYER)[keyof typeof LAYER];

/** Names of the kinds, as a waterfall has them, too. */
export const LAYERS: readonly string[] = Object.keys(LAYER);
