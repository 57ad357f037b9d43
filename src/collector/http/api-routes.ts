/**
 * The routes of the API: the one table that /v1/openapi.json and docs/reference/openapi.json are made of. A
 * route that is added to the collector gets a row here; a test fails without. Pure data.
 */

/** Kinds of a field: `list` is of objects, `object` any object, with `?` it may be null. */
export type FieldKind =
  | 'list'
  | 'texts'
  | 'numbers'
  | 'number'
  | 'number?'
  | 'text'
  | 'text?'
  | 'flag'
  | 'object';

export type ParameterName =
  | 'service'
  | 'from'
  | 'to'
  | 'limit'
  | 'where'
  | 'metric'
  | 'step'
  | 'group'
  | 'histogram'
  | 'sums'
  | 'coarse'
  | 'key'
  | 'name'
  | 'method'
  | 'route'
  | 'reason'
  | 'user'
  | 'min'
  | 'order'
  | 'kind'
  | 'baseline'
  | 'version'
  | 'date'
  | 'week'
  | 'format';

export interface ApiRoute {
  readonly method: 'get' | 'post' | 'delete';
  readonly path: string;
  readonly summary: string;
  readonly query?: readonly ParameterName[];
  /** Fields that a successful answer always has; absent where it is no JSON object of its own. */
  readonly answer?: Readonly<Record<string, FieldKind>>;
  /** Of an answer that is no JSON. */
  readonly type?: string;
  /** Nobody has to say who they are. */
  readonly isOpen?: boolean;
}

interface Parameter {
  readonly description: string;
  readonly required?: boolean;
  readonly schema: Readonly<Record<string, unknown>>;
}

function text(description: string): Parameter {
  return { description, schema: { type: 'string' } };
}

function choice(description: string, values: readonly string[]): Parameter {
  return { description, schema: { type: 'string', enum: values } };
}

function whole(description: string): Parameter {
  return { description, schema: { type: 'integer', minimum: 1 } };
}

export const PARAMETERS: Readonly<Record<ParameterName, Parameter>> = {
  service: text('Only of this service.'),
  from: text('ISO 8601, Unix ms, now, or relative: -15m, -1h, -7d.'),
  to: text('As from.'),
  limit: whole('Rows at most.'),
  where: {
    description: 'attribute:value, of series or resource; all must hold.',
    schema: { type: 'array', items: { type: 'string' } },
  },
  metric: { ...text('The name of a metric.'), required: true },
  step: text('Width of a point: 10s, 1m, 1h.'),
  group: text('Attributes, separated by commas, or *.'),
  histogram: choice('Adds the merged HdrHistogram.', ['0', '1']),
  sums: choice('Of histograms no percentiles: faster.', ['0', '1']),
  coarse: choice('Of a day and more: whole hours will do.', ['0', '1']),
  key: { ...text('The key of a site.'), required: true },
  name: text('Only events of this name.'),
  method: text('HTTP method.'),
  route: text('A route as it is recorded: /orders/:id.'),
  reason: text('Why it was kept: slow, error, queries, sample.'),
  user: text('Hash of whose they were (user.hash), where the agent tells of it.'),
  min: text('At least so long: 200ms.'),
  order: choice('The order.', ['newest', 'slowest']),
  kind: text('Only of this kind.'),
  baseline: text('What is compared with: week, previous, version:NAME, or a time.'),
  version: text('The later period is of this version alone.'),
  date: text('A day: 2026-11-22.'),
  week: text('An ISO week: 2026-W47.'),
  format: choice('How it is written.', ['json', 'html', 'md', 'text']),
};

const SCOPE = ['service', 'from', 'to'] as const;
const VIEW = [...SCOPE, 'limit', 'where'] as const;
const QUERY = ['metric', 'step', 'group', 'histogram', 'sums', 'coarse'] as const;
const TRACES = ['method', 'route', 'reason', 'user', 'min', 'order'] as const;
/** What time an answer is about. */
const COUNTED = { fromMs: 'number', toMs: 'number' } as const;

export const API_ROUTES: readonly ApiRoute[] = [
  get('/v1/health', 'Whether it runs.', [], { status: 'text' }, true),
  {
    method: 'post',
    path: '/v1/batches',
    summary: 'Takes one batch of an agent (wire-format.md).',
    answer: { duplicate: 'flag' },
  },
  get('/v1/session', 'Who is reading.', [], { isOpen: 'flag', role: 'text?' }, true),
  {
    method: 'post',
    path: '/v1/session',
    summary: 'Signs in with {"token"} or {"code"}.',
    answer: { isOpen: 'flag', role: 'text?' },
    isOpen: true,
  },
  {
    method: 'delete',
    path: '/v1/session',
    summary: 'Signs out.',
    answer: { isOpen: 'flag', role: 'text?' },
    isOpen: true,
  },
  get('/v1/services', 'Services.', [], { services: 'list' }),
  get('/v1/instances', 'Processes with their resources.', ['service'], { instances: 'list' }),
  get('/v1/metrics', 'Metrics that have data.', SCOPE, { metrics: 'list' }),
  get('/v1/query', 'A metric: totals, points over time, groups.', [...VIEW, ...QUERY], {
    ...{ metric: 'text', kind: 'text', unit: 'text', scale: 'number', resolution: 'text' },
    ...{ fromMs: 'number', toMs: 'number', stepMs: 'number?', groupsTotal: 'number' },
    ...{ groups: 'list', excluded: 'list' },
  }),
  get('/v1/ledger', 'recorded = received + dropped + pending.', ['service'], {
    processes: 'list',
  }),
  get('/v1/events', 'Events, newest first.', [...SCOPE, 'name', 'limit'], { events: 'list' }),
  get('/v1/stalls', 'What blocked event loops, by line.', [...SCOPE, 'limit'], {
    ...{ fromMs: 'number', toMs: 'number', stalls: 'list' },
  }),
  get('/v1/routes', 'Routes with what their requests did.', VIEW, {
    ...COUNTED,
    ...{ routes: 'list', layers: 'list' },
  }),
  get('/v1/operations', 'Business operations by module.', VIEW, { ...COUNTED, modules: 'list' }),
  get('/v1/jobs', 'Jobs and messages.', VIEW, { ...COUNTED, jobs: 'list' }),
  get('/v1/queries', 'Queries without their literals.', [...VIEW, 'min'], {
    ...COUNTED,
    queries: 'list',
  }),
  get('/v1/budgets', 'Every budget and how it stands.', VIEW, { ...COUNTED, budgets: 'list' }),
  get('/v1/breaches', 'What the agents found above budgets.', VIEW, { breaches: 'list' }),
  get('/v1/libraries', 'Libraries that services loaded.', VIEW, {
    ...{ libraries: 'list', uncovered: 'list' },
  }),
  get('/v1/traces', 'Requests and jobs that were kept.', [...VIEW, ...TRACES], {
    traces: 'list',
  }),
  get('/v1/traces/{id}', 'One trace with its calls.', [], { traceId: 'text', parts: 'list' }),
  get('/v1/heatmap', 'How many requests took how long, over time.', [...VIEW, 'method', 'route'], {
    ...{ fromMs: 'number', toMs: 'number', stepMs: 'number', recordedFromMs: 'number?' },
    ...{ bounds: 'numbers', columns: 'list' },
  }),
  get('/v1/findings', 'Queries that cost more than they need.', [...SCOPE, 'limit', 'kind'], {
    ...COUNTED,
    findings: 'list',
  }),
  get('/v1/advice', 'Indexes and plans.', [...SCOPE, 'limit'], {
    ...{ advice: 'list', state: 'text', reason: 'text?' },
  }),
  get('/v1/recommendations', 'What to do, with evidence.', [...SCOPE, 'limit'], {
    ...COUNTED,
    recommendations: 'list',
  }),
  get('/v1/checklist', 'Good practice, item by item.', SCOPE, { ...COUNTED, lists: 'list' }),
  get('/v1/frontend', 'What browsers measured.', VIEW, {
    ...COUNTED,
    ...{ vitals: 'list', pages: 'list', devices: 'list', connections: 'list' },
    ...{ ajax: 'list', resources: 'list', scripts: 'list' },
  }),
  get('/v1/changes', 'What became slower or faster.', [...SCOPE, 'baseline', 'version', 'limit'], {
    rows: 'list',
  }),
  get('/v1/deploys', 'When versions began.', [...SCOPE, 'limit'], { deploys: 'list' }),
  get('/v1/reports', 'Reports that there are.', [], { daily: 'texts', weekly: 'texts' }),
  {
    method: 'get',
    path: '/v1/reports/daily',
    summary: 'The report of a day; JSON unless the format says otherwise.',
    query: ['service', 'date', 'format'],
    answer: {},
  },
  {
    method: 'get',
    path: '/v1/reports/weekly',
    summary: 'The report of a week; JSON unless the format says otherwise.',
    query: ['service', 'week', 'format'],
    answer: {},
  },
  get('/v1/alerts', 'Alerts that are open.', ['service'], { alerts: 'list' }),
  get('/v1/alerts/history', 'Alerts that are over.', [...SCOPE, 'limit'], { alerts: 'list' }),
  get('/v1/alerts/replay', 'What the rules would have said.', ['from', 'to'], { alerts: 'list' }),
  get('/v1/silences', 'Silences in force.', [], { silences: 'list' }),
  { method: 'post', path: '/v1/silences', summary: 'Silences alerts for a while.', answer: {} },
  { method: 'delete', path: '/v1/silences/{id}', summary: 'Ends a silence.', answer: {} },
  {
    method: 'get',
    path: '/v1/live',
    summary: 'Kept requests as they arrive, as server-sent events.',
    query: ['service', 'method', 'route', 'min'],
    type: 'text/event-stream',
  },
  {
    method: 'get',
    path: '/tachograph.js',
    summary: 'The script of pages.',
    type: 'text/javascript',
    isOpen: true,
  },
  {
    method: 'post',
    path: '/v1/beacon',
    summary: 'Takes what a page measured.',
    query: ['key'],
    type: 'text/plain',
    isOpen: true,
  },
  get('/v1/openapi.json', 'This document.', [], { openapi: 'text', paths: 'object' }),
];

type Names = readonly ParameterName[];

function get(
  path: string,
  summary: string,
  query: Names,
  answer: Readonly<Record<string, FieldKind>>,
  isOpen = false,
): ApiRoute {
  return { method: 'get', path, summary, query, answer, isOpen };
}
