/**
 * The table of options: the one place where a setting's name, type, default, range and meaning are
 * written down. It feeds the parser (`resolve-options.ts`), `tachograph config` and
 * docs/reference/options.md.
 */
import { ALERT_OPTIONS, type AlertOptions } from './alert-options.js';
import type { OptionRow } from './option-row.js';
import { REQUEST_OPTIONS, type RequestOptions } from './request-options.js';

/** What the agent runs on: every row of the table, resolved. Durations in ms, sizes in bytes. */
export interface Options extends RequestOptions, AlertOptions {
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
  ...REQUEST_OPTIONS,
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
  'TACHOGRAPH_USER_SALT_FILE',
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
