/**
 * The table of options: the one place where a setting's name, type, default, range and meaning are
 * written down. It feeds the parser (`resolve-options.ts`), `tachograph config` and
 * docs/reference/options.md.
 */
import { ALERT_OPTIONS, type AlertOptions } from './alert-options.js';
import { type OptionRow, ROUTE_ENTRY } from './option-row.js';

/** What the agent runs on: every row of the table, resolved. Durations in ms, sizes in bytes. */
export interface Options extends AlertOptions {
  readonly url: readonly string[];
  readonly token: string;
  readonly ca: string;
  readonly service: string;
  readonly version: string;
  readonly environment: string;
  readonly enabled: boolean;
  readonly windowMs: number;
  readonly sampleIntervalMs: number;
  readonly digits: number;
  readonly sampler: 'auto' | 'kernel' | 'systeminformation' | 'off';
  readonly probes: readonly string[];
  readonly context: 'auto' | 'on' | 'off';
  readonly slowResponseMs: number;
  readonly queriesMax: number;
  readonly slowQueryMs: number;
  readonly traceSample: number;
  readonly stallThresholdMs: number;
  readonly operations: readonly string[];
  readonly modules: readonly string[];
  readonly debugHeaders: boolean;
  readonly serverTiming: boolean;
  readonly beacon: 'off' | 'inject';
  readonly beaconScript: string;
  readonly beaconKey: string;
  readonly propagate: readonly string[];
  readonly budgets: readonly string[];
  readonly budgetsFile: string;
  readonly adminRoutes: readonly string[];
  readonly seriesMax: number;
  readonly ringBytes: number;
  readonly spoolDir: string;
  readonly spoolBytesMax: number;
  readonly spoolAgeMaxMs: number;
  readonly exitTimeoutMs: number;
  readonly log: 'silent' | 'warn' | 'debug';
}

const KIB = 1024;
const MIB = 1024 * KIB;
const DAY_MS = 86_400_000;

export const OPTIONS: readonly OptionRow[] = [
  {
    key: 'url',
    env: 'TACHOGRAPH_URL',
    type: 'list',
    default: ['http://127.0.0.1:4600'],
    description:
      'Where batches go, comma-separated: http(s)://host:port, msgpack+http(s)://host/path, file:///path.ndjson, stdout:.',
  },
  {
    key: 'token',
    env: 'TACHOGRAPH_TOKEN',
    type: 'text',
    default: '',
    secret: true,
    description: 'Write token of the collector.',
  },
  {
    key: 'ca',
    env: 'TACHOGRAPH_CA',
    type: 'text',
    default: '',
    description:
      'File of certificates (PEM) whose owners vouch for https destinations, besides those that Node.js trusts.',
  },
  {
    key: 'service',
    env: 'TACHOGRAPH_SERVICE',
    type: 'text',
    default: '',
    fallbacks: ['OTEL_SERVICE_NAME', 'OTEL_RESOURCE_ATTRIBUTES:service.name', 'DD_SERVICE'],
    description:
      'Name of the service. Default: the name in the nearest package.json, else the script’s name.',
  },
  {
    key: 'version',
    env: 'TACHOGRAPH_VERSION',
    type: 'text',
    default: '',
    fallbacks: [
      'OTEL_RESOURCE_ATTRIBUTES:service.version',
      'DD_VERSION',
      'GITHUB_SHA',
      'CI_COMMIT_SHA',
      'GIT_COMMIT',
      'SOURCE_COMMIT',
      'RENDER_GIT_COMMIT',
      'RAILWAY_GIT_COMMIT_SHA',
      'HEROKU_SLUG_COMMIT',
      'VERCEL_GIT_COMMIT_SHA',
    ],
    description: 'Version of the service. Default: the version in the nearest package.json.',
  },
  {
    key: 'environment',
    env: 'TACHOGRAPH_ENVIRONMENT',
    type: 'text',
    default: 'development',
    fallbacks: [
      'OTEL_RESOURCE_ATTRIBUTES:deployment.environment.name',
      'OTEL_RESOURCE_ATTRIBUTES:deployment.environment',
      'DD_ENV',
      'NODE_ENV',
    ],
    description: 'Where the service runs: production, staging, development …',
  },
  {
    key: 'enabled',
    env: 'TACHOGRAPH_ENABLED',
    type: 'switch',
    default: true,
    fallbacks: ['!OTEL_SDK_DISABLED'],
    description: 'Off: the agent loads and does nothing at all.',
  },
  {
    key: 'windowMs',
    env: 'TACHOGRAPH_WINDOW',
    type: 'duration',
    default: 10_000,
    min: 1000,
    max: 60_000,
    description: 'Length of a window: one batch is sent for each.',
  },
  {
    key: 'sampleIntervalMs',
    env: 'TACHOGRAPH_SAMPLE_INTERVAL',
    type: 'duration',
    default: 5000,
    min: 250,
    max: 60_000,
    description: 'Time between samples of CPU, memory, disk, network, heap and utilisation.',
  },
  {
    key: 'digits',
    env: 'TACHOGRAPH_DIGITS',
    type: 'integer',
    default: 2,
    min: 1,
    max: 3,
    description: 'Significant digits of histograms: 2 means a percentile is within 0.7 %.',
  },
  {
    key: 'sampler',
    env: 'TACHOGRAPH_SAMPLER',
    type: 'choice',
    default: 'auto',
    values: ['auto', 'kernel', 'systeminformation', 'off'],
    description: 'Source of system numbers; auto reads kernel files on Linux.',
  },
  {
    key: 'probes',
    env: 'TACHOGRAPH_PROBES',
    type: 'list',
    default: ['all'],
    description: 'Probes to run: all, or names; -name leaves one out (all,-net).',
  },
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
  {
    key: 'budgets',
    env: 'TACHOGRAPH_BUDGETS',
    type: 'list',
    default: [],
    description:
      'Budgets in place of the table’s (budgets.md): name=limit, comma-separated, such as view_response_time=300ms.',
  },
  {
    key: 'budgetsFile',
    env: 'TACHOGRAPH_BUDGETS_FILE',
    type: 'text',
    default: '',
    description: 'JSON file of budgets, for single routes too (budgets.md).',
  },
  {
    key: 'adminRoutes',
    env: 'TACHOGRAPH_ADMIN_ROUTES',
    type: 'list',
    default: ['/admin'],
    description: 'Prefixes of the routes that have the budget admin_interface.',
  },
  {
    key: 'seriesMax',
    env: 'TACHOGRAPH_SERIES_MAX',
    type: 'integer',
    default: 2000,
    min: 100,
    max: 20_000,
    description: 'Series a process keeps; past it each metric counts under (other).',
  },
  {
    key: 'ringBytes',
    env: 'TACHOGRAPH_RING_BYTES',
    type: 'bytes',
    default: MIB,
    min: 8 * KIB,
    max: 64 * MIB,
    description: 'Ring of each application thread; a full ring drops and counts.',
  },
  {
    key: 'spoolDir',
    env: 'TACHOGRAPH_SPOOL_DIR',
    type: 'text',
    default: '',
    description:
      'Folder for batches that are not yet delivered. Default: tachograph-<uid> in the system’s temporary folder.',
  },
  {
    key: 'spoolBytesMax',
    env: 'TACHOGRAPH_SPOOL_MAX',
    type: 'bytes',
    default: 64 * MIB,
    min: 0,
    max: 16 * 1024 * MIB,
    description: 'Disk the spool may use; the oldest batch goes first. 0 keeps nothing on disk.',
  },
  {
    key: 'spoolAgeMaxMs',
    env: 'TACHOGRAPH_SPOOL_AGE',
    type: 'duration',
    default: 7 * DAY_MS,
    min: 60_000,
    max: 30 * DAY_MS,
    description: 'Age at which an undelivered batch is dropped.',
  },
  {
    key: 'exitTimeoutMs',
    env: 'TACHOGRAPH_EXIT_TIMEOUT',
    type: 'duration',
    default: 500,
    min: 0,
    max: 10_000,
    description: 'Longest time the end of the process may wait for the last batch.',
  },
  {
    key: 'log',
    env: 'TACHOGRAPH_LOG',
    type: 'choice',
    default: 'warn',
    values: ['silent', 'warn', 'debug'],
    description: 'What the agent says on stderr: nothing, one warning per trouble, or everything.',
  },
  ...ALERT_OPTIONS,
];

/**
 * Variables that begin like ours and are not rows of the agent's table: the collector's and the
 * configuration file. Listed so that they are not reported as unknown.
 */
export const OTHER_VARIABLES: readonly string[] = [
  'TACHOGRAPH_CONFIG_FILE',
  'TACHOGRAPH_TOKEN_FILE',
  'TACHOGRAPH_ALERT_SLACK_URL_FILE',
  'TACHOGRAPH_ALERT_SMTP_URL_FILE',
  'TACHOGRAPH_ALERT_WEBHOOK_URL_FILE',
  'TACHOGRAPH_ALERT_WEBHOOK_SECRET_FILE',
  'TACHOGRAPH_ALERTMANAGER_URL_FILE',
  'TACHOGRAPH_ADVISE_DSN',
  'TACHOGRAPH_ADVISE_DSN_FILE',
  'TACHOGRAPH_COLLECTOR_PORT',
  'TACHOGRAPH_COLLECTOR_HOST',
  'TACHOGRAPH_COLLECTOR_DATA',
  'TACHOGRAPH_COLLECTOR_TOKEN',
  'TACHOGRAPH_COLLECTOR_TOKEN_FILE',
  'TACHOGRAPH_COLLECTOR_URL',
  'TACHOGRAPH_COLLECTOR_READ_TOKEN',
  'TACHOGRAPH_COLLECTOR_READ_TOKEN_FILE',
  'TACHOGRAPH_COLLECTOR_ZONE',
  'TACHOGRAPH_COLLECTOR_REPORT_AT',
  'TACHOGRAPH_COLLECTOR_REPORT_TO',
  'TACHOGRAPH_COLLECTOR_REPORT_FROM',
  'TACHOGRAPH_COLLECTOR_BEACON_KEY',
  'TACHOGRAPH_COLLECTOR_BEACON_ORIGIN',
];
