/** Rule: many outbound calls in one request, and connections that are opened for each. */
import { type Calls, type Evidence, routeName } from '../evidence/evidence.js';
import type { Draft } from '../recommendation.js';
import { inADay, items, percent, time } from '../words.js';
import { CALLS_MIN, type Rule, routeMeasure } from './rule.js';

const CALLS_PER_REQUEST_MIN = 5;
/** Connections opened per call. */
const CONNECTS_MIN = 0.5;

export const outboundCalls: Rule = (evidence) => [
  ...evidence.clientCalls
    .filter(({ calls, mean }) => calls >= CALLS_MIN && mean >= CALLS_PER_REQUEST_MIN)
    .map((row) => inLoop(evidence, row)),
  ...noKeepAlive(evidence),
];

function inLoop({ traces, outbound, recordedMs }: Evidence, row: Calls): Draft {
  const where = routeName(row.names);
  const repeated = traces.repeated.find(
    ({ kind, method, route }) => kind === 'http' && `${method} ${route}` === where,
  );
  const host = outbound.find((one) => `${one.host}:${one.port}` === repeated?.call) ?? outbound[0];
  return {
    type: 'outbound_n_plus_one',
    subject: where,
    title: `Many outbound calls a request: ${where}`,
    finding: `A request of ${where} makes ${items(Math.round(row.mean), 'outbound call')}, up to ${row.max}.`,
    evidence: [
      `${items(row.calls, 'request')} made ${items(row.total, 'call')}.`,
      ...(repeated === undefined
        ? []
        : [
            `${items(Math.round(repeated.mean), 'call')} of ${repeated.call} in trace ${repeated.traceId}.`,
          ]),
    ],
    costPerDay: inADay((row.total - row.calls) * (host?.mean ?? 0), recordedMs),
    fix: {
      text: 'Ask for all at once where the other side can, else side by side with a limit, and keep what was asked before.',
      code: "const answers = await fetch(url + '?ids=' + ids.join(','));",
      language: 'js',
    },
    confidence: repeated === undefined ? 'medium' : 'high',
    verification: `Outbound calls a request of ${where} fall.`,
    route: where,
    measure: routeMeasure(row.names['http.request.method'] ?? '', row.names['http.route'] ?? ''),
  };
}

function noKeepAlive({ outbound }: Evidence): Draft[] {
  return outbound.flatMap((row) => {
    const { connects, calls } = row;
    if (connects === null || calls < CALLS_MIN || connects / calls < CONNECTS_MIN) return [];
    const host = `${row.host}:${row.port}`;
    return [
      {
        type: 'outbound_keep_alive',
        subject: host,
        title: `A new connection for each call of ${host}`,
        finding: `${items(connects, 'connection')} were opened for ${items(calls, 'call')} of ${host} (${percent(connects / calls)}).`,
        evidence: [`p50 of a call is ${time(row.p50)}, the opening included.`],
        costPerDay: 0,
        fix: {
          text: 'Keep connections open: one agent for the whole process.',
          code: 'const agent = new https.Agent({ keepAlive: true });   // once; fetch does so by itself',
          language: 'js',
        },
        confidence: 'medium',
        verification: 'Far fewer connections are opened than calls are made.',
        measure: { kind: 'service' },
      },
    ];
  });
}
