/**
 * What can be mended in queries: the findings of a range, those of one kind, route and statement in several windows
 * and processes together, those first that waste most a day.
 */
import { createHash } from 'node:crypto';
import type { BlockerState } from '../../advisor/locks/lock-wait.js';
import { DB_CLIENT_OPERATION_DURATION } from '../../shared/database-metrics.js';
import {
  type Confidence,
  FINDING_EVENT,
  FINDING_KIND,
  type Finding,
  type FindingKind,
  readFinding,
} from '../../transport/finding-event.js';
import {
  FINDINGS_OMITTED_EVENT,
  readFindingsOmitted,
} from '../../transport/findings-omitted-event.js';
import type { StoredEvent } from '../query/events.js';
import { totalsOf, type ViewRequest, type ViewSource } from '../views/view-request.js';
import { fixOf } from './fix-of.js';
import { lockFindings } from './lock-findings.js';

export interface FindingsRequest extends ViewRequest {
  readonly kind: FindingKind | undefined;
}

/** Times in seconds. */
export interface FindingRow {
  /** The same as long as kind, service, route and statement are. */
  readonly id: string;
  readonly kind: FindingKind;
  readonly service: string;
  /** Of a request; null of a job, an operation, and of what none of them made. */
  readonly method: string | null;
  readonly route: string | null;
  /** Of an operation or a job. */
  readonly operation: string | null;
  readonly system: string;
  /** The statement, or the name of the pool. */
  readonly query: string;
  /** The statement for whose rows it is repeated; of a transaction, the one after which it waited. */
  readonly parentQuery: string | null;
  /** Of a wait that was seen in the database: what held the lock, as far as the server tells. */
  readonly blocker: Blocker | null;
  /** Units that showed it, and how many calls each made. */
  readonly requests: number;
  readonly callsPerRequest: number;
  /** Per call, where rows are known. */
  readonly rows: number;
  readonly total: number;
  /** Of that, what would be saved; and as much a day, going by the time that was recorded. */
  readonly wasted: number;
  readonly perDay: number;
  readonly errorType: string | null;
  readonly confidence: Confidence;
  readonly code: CodeLine | null;
  readonly orm: string | null;
  readonly fix: string;
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
  /** Of one whose trace was kept. */
  readonly traceId: string | null;
}

export interface Blocker {
  /** What it ran, or where it is `idle` ran last. */
  readonly query: string | null;
  readonly state: BlockerState;
  /** Seconds. */
  readonly longestWait: number;
}

/** The findings of a range, and what is missing among them. */
export interface FindingList {
  readonly findings: readonly FindingRow[];
  readonly omitted: {
    /** Windows' findings that agents had no room for, of a pair each; and pairs that they let go before. */
    readonly untold: number;
    readonly forgotten: number;
    /** Rows past `limit`. */
    readonly rows: number;
  };
  /** What is older was not read; null when all was. */
  readonly readFromMs: number | null;
}

export interface CodeLine {
  readonly file: string;
  readonly line: number;
  readonly function: string;
  /** Lines `at name (file:line)`, innermost first. */
  readonly stack: string;
}

/** Events that are folded; of a longer list the newest. */
const EVENTS_MAX = 5000;
const SECONDS_A_DAY = 86_400;

interface Folded {
  readonly service: string;
  /** Of the newest window, with the sums of all. */
  readonly finding: Finding;
  readonly firstMs: number;
  readonly lastMs: number;
}

export async function findingsOf(
  source: ViewSource,
  request: FindingsRequest,
): Promise<readonly FindingRow[]> {
  return (await findingList(source, request)).findings;
}

export async function findingList(
  source: ViewSource,
  asked: FindingsRequest,
): Promise<FindingList> {
  const { kind, ...request } = asked;
  const where = kind === undefined ? [] : [[FINDING_KIND, kind] as const];
  const events = await source.store.events({
    ...request,
    name: FINDING_EVENT,
    where,
    limit: EVENTS_MAX,
  });
  const isWhole = events.length < EVENTS_MAX;
  const fromMs = isWhole ? request.fromMs : (events.at(-1)?.timeMs ?? request.fromMs);
  const folded = foldedOf(events);
  const seconds = await recordedSeconds(source, { ...request, fromMs }, folded);
  const rows = folded.map((one) => rowOf(one, seconds.get(one.service) ?? SECONDS_A_DAY));
  rows.push(...(await lockFindings(source, asked)));
  rows.sort((a, b) => b.perDay - a.perDay);
  const findings = rows.slice(0, request.limit);
  return {
    findings,
    omitted: { ...(await omittedOf(source, request)), rows: rows.length - findings.length },
    readFromMs: isWhole ? null : fromMs,
  };
}

/** What agents had no room for, in all windows of the range: a finding that is cut off in ten is ten. */
async function omittedOf(
  { store }: ViewSource,
  request: ViewRequest,
): Promise<{ untold: number; forgotten: number }> {
  const asked = { ...request, name: FINDINGS_OMITTED_EVENT, limit: EVENTS_MAX };
  const events = await store.events(asked);
  const sum = { untold: 0, forgotten: 0 };
  for (const { attributes } of events) {
    const { untold, forgotten } = readFindingsOmitted(attributes);
    sum.untold += untold;
    sum.forgotten += forgotten;
  }
  return sum;
}

/** `events`: newest first. */
function foldedOf(events: readonly StoredEvent[]): Folded[] {
  const all = new Map<string, Folded>();
  for (const { service, timeMs, attributes } of events) {
    const finding = readFinding(attributes);
    if (finding === undefined) continue;
    const key = keyOf(service, finding);
    const newest = all.get(key);
    all.set(
      key,
      newest === undefined
        ? { service, finding, firstMs: timeMs, lastMs: timeMs }
        : { ...newest, finding: summed(newest.finding, finding), firstMs: timeMs },
    );
  }
  return [...all.values()];
}

function summed(newest: Finding, older: Finding): Finding {
  return {
    ...newest,
    requests: newest.requests + older.requests,
    calls: newest.calls + older.calls,
    totalUs: newest.totalUs + older.totalUs,
    wastedUs: newest.wastedUs + older.wastedUs,
    rows: newest.rows + older.rows,
    parentQuery: newest.parentQuery ?? older.parentQuery,
    errorType: newest.errorType ?? older.errorType,
    place: newest.place ?? older.place,
    orm: newest.orm ?? older.orm,
    traceId: newest.traceId ?? older.traceId,
  };
}

/** By service: how long was recorded. */
async function recordedSeconds(
  source: ViewSource,
  request: ViewRequest,
  folded: readonly Folded[],
): Promise<Map<string, number>> {
  const seconds = new Map<string, number>();
  for (const service of new Set(folded.map((one) => one.service))) {
    const wanted = { metric: DB_CLIENT_OPERATION_DURATION.name, group: [] };
    const result = await totalsOf(source, { ...request, service }, wanted);
    const { recordedFromMs, recordedToMs } = result ?? {};
    if (recordedFromMs == null || recordedToMs == null) continue;
    seconds.set(service, Math.max(1, (recordedToMs - recordedFromMs) / 1000));
  }
  return seconds;
}

function rowOf({ service, finding, firstMs, lastMs }: Folded, recordedS: number): FindingRow {
  const { kind, attributes, requests, calls, place } = finding;
  const wasted = finding.wastedUs / 1e6;
  return {
    id: createHash('sha256').update(keyOf(service, finding)).digest('hex').slice(0, 16),
    kind,
    service,
    method: attributes['http.request.method'] ?? null,
    route: attributes['http.route'] ?? null,
    operation: operationOf(attributes),
    system: finding.system,
    query: finding.query,
    parentQuery: finding.parentQuery ?? null,
    blocker: null,
    requests,
    callsPerRequest: requests === 0 ? 0 : calls / requests,
    rows: calls === 0 ? 0 : finding.rows / calls,
    total: finding.totalUs / 1e6,
    wasted,
    perDay: (wasted / recordedS) * SECONDS_A_DAY,
    errorType: finding.errorType ?? null,
    confidence: finding.confidence,
    code: place ?? null,
    orm: finding.orm ?? null,
    fix: fixOf(finding),
    firstSeenMs: firstMs,
    lastSeenMs: lastMs,
    traceId: finding.traceId ?? null,
  };
}

function operationOf(attributes: Readonly<Record<string, string>>): string | null {
  const names = ['messaging.destination.name', 'tachograph.job.name', 'tachograph.operation.name'];
  const found = names.flatMap((name) => attributes[name] ?? []);
  return found.length === 0 ? null : found.join(' ');
}

function keyOf(service: string, { kind, attributes, system, query }: Finding): string {
  const names = Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([service, kind, names, system, query]);
}
