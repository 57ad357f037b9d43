/** Rule: transactions and connections that are held: idle in transaction, leaks, waits for locks, deadlocks. */
import { quoted, time, times } from '../words.js';
import { type Rule, routeMeasure } from './rule.js';

interface Saying {
  readonly title: string;
  readonly text: string;
  readonly fix: string;
  readonly risk: 'degraded' | 'outage';
}

const SAYINGS: Readonly<Record<string, Saying>> = {
  connection_leak: {
    title: 'Connection never given back',
    text: 'takes a connection from the pool and does not release it; when all are gone, every query waits.',
    fix: 'Release it in finally.',
    risk: 'outage',
  },
  idle_transaction: {
    title: 'Transaction held open while waiting',
    text: 'keeps a transaction open while it waits for something else; its locks and its connection wait with it.',
    fix: 'Do what is slow before BEGIN or after COMMIT.',
    risk: 'degraded',
  },
  lock_wait: {
    title: 'Waiting for locks',
    text: 'waits for rows that another transaction has locked.',
    fix: 'Keep transactions short, and change rows in the same order everywhere.',
    risk: 'degraded',
  },
  deadlock: {
    title: 'Deadlocks',
    text: 'was ended by the database, because two transactions waited for each other.',
    fix: 'Lock rows in the same order everywhere (ORDER BY id … FOR UPDATE), and try again once.',
    risk: 'degraded',
  },
};

export const transactions: Rule = ({ findings }) =>
  findings.flatMap((finding) => {
    const saying = SAYINGS[finding.kind];
    if (saying === undefined) return [];
    const { method, route, operation, query, code } = finding;
    const place = route === '' ? operation : `${method} ${route}`;
    // The database knows no route: of what no agent told the statement stands for it.
    const where = place || quoted(query);
    const isLeak = finding.kind === 'connection_leak';
    return [
      {
        type: finding.kind,
        subject: `${where} ${query}`,
        title: `${saying.title}: ${where}`,
        finding: `${where} ${saying.text}`,
        evidence: [
          `Seen ${times(finding.requests)}, ${time(finding.wasted)} lost.`,
          ...(query === '' ? [] : [`At ${quoted(query)}`]),
          ...heldBy(finding.blocker),
          ...(code === null ? [] : [`At ${code.file}:${code.line} (${code.function}).`]),
        ],
        costPerDay: finding.perDay,
        risk: saying.risk,
        fix: {
          text: finding.fix || saying.fix,
          code: isLeak ? 'try { … } finally { client.release(); }' : null,
          language: isLeak ? ('js' as const) : null,
        },
        confidence: finding.confidence,
        verification: 'It is not seen again while the traffic is there.',
        route: route === '' ? null : where,
        query: query === '' ? null : query,
        code: code && { file: code.file, line: code.line },
        measure: routeMeasure(method, route),
      },
    ];
  });

/** Of what the database itself was seen to wait for. */
function heldBy(blocker: { query: string | null; state: string } | null): string[] {
  if (blocker === null) return [];
  const doing = blocker.state === 'idle' ? 'an open transaction that ran nothing' : 'another';
  const what = blocker.query === null ? '' : `, whose statement was ${quoted(blocker.query)}`;
  return [`It waited for ${doing}${what}.`];
}
