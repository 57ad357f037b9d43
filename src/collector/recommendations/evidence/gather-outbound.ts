/** Outbound calls by host, with how they ended, and the decisions of rate limiters. */
import { RATE_LIMIT_DECISIONS } from '../../../shared/application-metrics.js';
import { HTTP_CLIENT_REQUEST_DURATION, NET_CONNECT_DURATION } from '../../../shared/metrics.js';
import type { CounterStats, HistogramStats } from '../../query/query-request.js';
import { groupsOf, type ViewRequest, type ViewSource } from '../../views/view-request.js';
import { callsOf } from './calls-of.js';
import type { OutboundRow, RateLimitRow } from './evidence.js';
import { LIBRARY } from './gather-layers.js';

const HOST = 'server.address';
const PORT = 'server.port';
const STATUS = 'http.response.status_class';
const DECISION = 'tachograph.rate_limit.decision';
/** Kinds of errors of calls that were given up after a time. */
const TIMED_OUT = /timeout|timedout|abort/i;

export async function outboundOf(
  source: ViewSource,
  request: ViewRequest,
): Promise<readonly OutboundRow[]> {
  const [hosts, outcomes, connects] = await Promise.all([
    callsOf(source, request, HTTP_CLIENT_REQUEST_DURATION, [HOST, PORT]),
    groupsOf(source, request, HTTP_CLIENT_REQUEST_DURATION, [HOST, PORT, STATUS, 'error.type']),
    callsOf(source, request, NET_CONNECT_DURATION, [HOST, PORT]),
  ]);
  return hosts.map(({ names, ...calls }) => {
    const isSame = (other: Readonly<Record<string, string>>): boolean =>
      other[HOST] === names[HOST] && other[PORT] === names[PORT];
    const ended = outcomes
      .filter(({ attributes }) => isSame(attributes))
      .map(({ attributes, total }) => ({
        error: attributes['error.type'] ?? '',
        isServerError: attributes[STATUS] === '5xx',
        calls: (total as HistogramStats).count,
      }));
    const sum = (rows: typeof ended): number => rows.reduce((all, row) => all + row.calls, 0);
    return {
      ...calls,
      host: names[HOST] ?? '',
      port: names[PORT] ?? '',
      errors: sum(ended.filter(({ error, isServerError }) => isServerError || error !== '')),
      timeouts: sum(ended.filter(({ error }) => TIMED_OUT.test(error))),
      connects: connects.find((row) => isSame(row.names))?.calls ?? null,
    };
  });
}

export async function rateLimitsOf(
  source: ViewSource,
  request: ViewRequest,
): Promise<RateLimitRow[]> {
  const rows = new Map<string, { allowed: number; refused: number }>();
  const groups = await groupsOf(source, request, RATE_LIMIT_DECISIONS, [LIBRARY, DECISION]);
  for (const { attributes, total } of groups) {
    const row = rows.get(attributes[LIBRARY] ?? '') ?? { allowed: 0, refused: 0 };
    const key = attributes[DECISION] === 'refused' ? 'refused' : 'allowed';
    row[key] += (total as CounterStats).value;
    rows.set(attributes[LIBRARY] ?? '', row);
  }
  return [...rows].map(([library, row]) => ({ library, ...row }));
}
