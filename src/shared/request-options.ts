/**
 * Options of how requests are followed: which are kept, what is told of them and to whom. A part of the
 * table of options (./options.ts).
 */
import { type OptionRow, ROUTE_ENTRY } from './option-row.js';

/** Durations in ms. */
export interface RequestOptions {
  readonly context: 'auto' | 'on' | 'off';
  readonly slowResponseMs: number;
  readonly queriesMax: number;
  readonly slowQueryMs: number;
  readonly traceSample: number;
  readonly user: readonly string[];
  readonly userSalt: string;
  readonly stallThresholdMs: number;
  readonly operations: readonly string[];
  readonly modules: readonly string[];
  readonly debugHeaders: boolean;
  readonly serverTiming: boolean;
  readonly beacon: 'off' | 'inject';
  readonly beaconScript: string;
  readonly beaconKey: string;
  readonly propagate: readonly string[];
}

export const REQUEST_OPTIONS: readonly OptionRow[] = [
  {
    key: 'context',
    env: 'TACHOGRAPH_CONTEXT',
    type: 'choice',
    default: 'auto',
    values: ['auto', 'on', 'off'],
    description:
      'Follow a request through asynchronous calls, to count what it caused; auto begins with the first outbound call of the process, and takes that one for the only open request’s.',
  },
  {
    key: 'slowResponseMs',
    env: 'TACHOGRAPH_SLOW_RESPONSE',
    type: 'duration',
    default: 400,
    min: 1,
    max: 3_600_000,
    description: 'A request that takes longer is a SLOW_RESPONSE, and its trace is kept.',
  },
  {
    key: 'queriesMax',
    env: 'TACHOGRAPH_EXCESSIVE_QUERIES',
    type: 'integer',
    default: 20,
    min: 0,
    max: 1_000_000,
    description:
      'A request that makes more queries is an EXCESSIVE_QUERIES, and its trace is kept.',
  },
  {
    key: 'slowQueryMs',
    env: 'TACHOGRAPH_SLOW_QUERY',
    type: 'duration',
    default: 100,
    min: 1,
    max: 3_600_000,
    description: 'A query that takes longer is a finding, with the line of code that makes it.',
  },
  {
    key: 'traceSample',
    env: 'TACHOGRAPH_TRACE_SAMPLE',
    type: 'integer',
    default: 0,
    min: 0,
    max: 1_000_000,
    description:
      'Keeps the trace of one request in so many, besides those that are slow or fail; 0 keeps none.',
  },
  {
    key: 'user',
    env: 'TACHOGRAPH_USER',
    type: 'list',
    default: [],
    item: {
      pattern: /^[\w$-]+(?:\.[\w$-]+)*$/,
      expected: 'paths such as user.id, separated by commas',
    },
    description:
      'Where a request says whose it is: user.id, state.user.id, headers.x-user-id; the first that is there counts. Its trace carries a salted hash of that, and nothing does by default.',
  },
  {
    key: 'userSalt',
    env: 'TACHOGRAPH_USER_SALT',
    type: 'text',
    default: '',
    secret: true,
    lengthMin: 16,
    description:
      'Secret salt of those hashes, long and random: the same in every process, so that they are comparable. Default: drawn at each start.',
  },
  {
    key: 'stallThresholdMs',
    env: 'TACHOGRAPH_STALL_THRESHOLD',
    type: 'duration',
    default: 100,
    min: 0,
    max: 60_000,
    description:
      'A main thread that is blocked for longer is asked for its stack, to tell which line blocked it; 0 asks never.',
  },
  {
    key: 'operations',
    env: 'TACHOGRAPH_OPERATIONS',
    type: 'list',
    default: [],
    item: ROUTE_ENTRY,
    description:
      'Routes whose requests are business operations: POST /api/orders=order_creation; * is any text. In a file also an object.',
  },
  {
    key: 'modules',
    env: 'TACHOGRAPH_MODULES',
    type: 'list',
    default: [],
    item: ROUTE_ENTRY,
    description:
      'Routes that belong to a module of the business: /api/production/*=production. In a file also an object.',
  },
  {
    key: 'debugHeaders',
    env: 'TACHOGRAPH_DEBUG_HEADERS',
    type: 'switch',
    default: false,
    description:
      'Adds X-Response-Time, X-DB-Queries and Server-Timing to every response; for development.',
  },
  {
    key: 'serverTiming',
    env: 'TACHOGRAPH_SERVER_TIMING',
    type: 'switch',
    default: false,
    description:
      'Tells browsers the trace and route of their requests by Server-Timing, so that pages are joined to them.',
  },
  {
    key: 'beacon',
    env: 'TACHOGRAPH_BEACON',
    type: 'choice',
    default: 'off',
    values: ['off', 'inject'],
    description:
      'inject puts the script of the browser beacon into HTML pages; needs TACHOGRAPH_BEACON_SCRIPT and TACHOGRAPH_BEACON_KEY, and switches TACHOGRAPH_SERVER_TIMING on.',
  },
  {
    key: 'beaconScript',
    env: 'TACHOGRAPH_BEACON_SCRIPT',
    type: 'text',
    default: '',
    description:
      'Where browsers find the script: https://collector/tachograph.js, or a path of the site itself.',
  },
  {
    key: 'beaconKey',
    env: 'TACHOGRAPH_BEACON_KEY',
    type: 'text',
    default: '',
    description: 'A key that the collector was given by --beacon-key; it stands in the pages.',
  },
  {
    key: 'propagate',
    env: 'TACHOGRAPH_PROPAGATE',
    type: 'list',
    default: ['private'],
    description:
      'Hosts whose outbound calls carry a traceparent header: names with * for any text, private (loopback, private addresses, names without a dot, .local, .internal), all, or none.',
  },
];
