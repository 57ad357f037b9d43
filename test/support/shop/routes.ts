/** The routes of the shop: how many requests a window, how long they take, and what they do. */

export interface ShopRoute {
  readonly method: string;
  readonly route: string;
  readonly module: string;
  /** A window. */
  readonly requests: number;
  /** Seconds in the middle; a few take many times as long. */
  readonly middle: number;
  /** Share of requests answered 500. */
  readonly failing: number;
  /** Of one request. */
  readonly queries: number;
}

export const ROUTES: readonly ShopRoute[] = [
  {
    method: 'GET',
    route: '/products',
    module: 'catalogue',
    requests: 12,
    middle: 0.042,
    failing: 0,
    queries: 2,
  },
  {
    method: 'GET',
    route: '/products/:id',
    module: 'catalogue',
    requests: 16,
    middle: 0.018,
    failing: 0,
    queries: 1,
  },
  {
    method: 'GET',
    route: '/orders/:id',
    module: 'sales',
    requests: 8,
    middle: 0.19,
    failing: 0.002,
    queries: 23,
  },
  {
    method: 'POST',
    route: '/orders',
    module: 'sales',
    requests: 3,
    middle: 0.31,
    failing: 0.03,
    queries: 9,
  },
  {
    method: 'GET',
    route: '/reports/stock',
    module: 'inventory',
    requests: 1,
    middle: 1.4,
    failing: 0,
    queries: 4,
  },
  {
    method: 'GET',
    route: '/health',
    module: '',
    requests: 5,
    middle: 0.0009,
    failing: 0,
    queries: 0,
  },
];
