/**
 * Waits for locks and deadlocks that the advisor's connection saw, as findings: the statement that waits, with the
 * service, route and line that agents told of it, and what held the lock.
 */
import { createHash } from 'node:crypto';
import type { LockPair } from '../../advisor/locks/lock-log.js';
import type { ViewSource } from '../views/view-request.js';
import type { FindingRow, FindingsRequest } from './findings.js';
import { fixOf } from './fix-of.js';
import { type FindPlace, knownPlaces } from './known-places.js';

const SECONDS_A_DAY = 86_400;
/** A deadlock ends at once, but what it ended has to be done again: of no cost it would be behind all that waits. */
const DEADLOCK_S = 1;

export async function lockFindings(
  source: ViewSource,
  { kind, service, fromMs, toMs }: FindingsRequest,
): Promise<FindingRow[]> {
  const locks = source.advice?.locks;
  if (locks === undefined) return [];
  const pairs = locks
    .pairs(fromMs, toMs)
    .filter((pair) => kind === undefined || pair.kind === kind);
  if (pairs.length === 0) return [];
  const endMs = Math.min(toMs, source.now());
  const watchedS = Math.max(1, (endMs - Math.max(fromMs, locks.sinceMs)) / 1000);
  const find = await knownPlaces(source, service, endMs);
  return pairs
    .map((pair) => rowOf(pair, find(service, pair.blocked), watchedS))
    .filter((row) => service === undefined || row.service === service);
}

function rowOf(pair: LockPair, place: ReturnType<FindPlace>, watchedS: number): FindingRow {
  const { kind, system, blocked, blocker, blockerState, waits, waitedS } = pair;
  const lostS = kind === 'deadlock' ? Math.max(waitedS, waits * DEADLOCK_S) : waitedS;
  const names = place?.attributes ?? {};
  return {
    id: idOf(pair),
    kind,
    service: place?.service ?? '',
    method: names['http.request.method'] ?? null,
    route: names['http.route'] ?? null,
    operation: names['messaging.destination.name'] ?? names['tachograph.operation.name'] ?? null,
    system,
    query: blocked,
    parentQuery: null,
    blocker: { query: blocker, state: blockerState, longestWait: pair.longestS },
    requests: waits,
    callsPerRequest: 1,
    rows: 0,
    total: lostS,
    wasted: lostS,
    perDay: (lostS / watchedS) * SECONDS_A_DAY,
    errorType: null,
    confidence: 'high',
    code: place?.code ?? null,
    orm: null,
    fix: fixOf({ kind, orm: undefined }),
    firstSeenMs: pair.firstMs,
    lastSeenMs: pair.lastMs,
    traceId: null,
  };
}

function idOf({ kind, system, blocked, blocker, blockerState }: LockPair): string {
  const key = JSON.stringify(['seen', kind, system, blocked, blocker, blockerState]);
  return createHash('sha256').update(key).digest('hex').slice(0, 16);
}
