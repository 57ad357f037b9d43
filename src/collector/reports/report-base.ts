/**
 * What daily report and weekly review have in common. Runs on the collector's main thread, which waits for the
 * query pool: a week of 200 rows takes some 10 s of a pool thread.
 */
import { formatItems } from '../../shared/format-items.js';
import { STALL_EVENT } from '../../shared/stall-event.js';
import { isOfChange } from '../statistics/verdict.js';
import type { Range } from './calendar.js';
import { type ChangeRow, type Changes, type ChangesRequest, changesOf } from './changes.js';
import { timesOf } from './counted-range.js';
import { qualityOf } from './data-quality.js';
import { deploysOf } from './deploys.js';
import type { Recommendation } from './evidence.js';
import { explained, grouped } from './explain-changes.js';
import { headlineOf } from './figures.js';
import { moduleLines } from './module-lines.js';
import type {
  ChangeGroup,
  DailyReport,
  ExplainedChange,
  Headline,
  NotJudged,
  Quality,
  ReportVerdict,
} from './report-model.js';
import { type ReportSource, ROWS_MAX, viewOf } from './report-source.js';

type Base = Omit<DailyReport, 'kind' | 'date' | 'slowest' | 'database'>;

export interface BaseParts {
  readonly base: Base;
  readonly changes: Changes;
  /** Those that were followed, too. */
  readonly recommendations: readonly Recommendation[];
}

const RECOMMENDATIONS_MAX = 5;
const STALL_EVENTS_MAX = 5000;
const NAMED_MAX = 3;

/** The periods of a report, as they are counted. */
export interface ReportPeriods {
  readonly after: Range;
  /** Before it, each as long, the nearest first; the first is what is compared with. */
  readonly earlier: readonly Range[];
  /** Of the report before this one: what that told is no news. */
  readonly last: { readonly after: Range; readonly before: Range };
}

export async function reportBase(
  source: ReportSource,
  service: string | undefined,
  { after, earlier, last }: ReportPeriods,
): Promise<BaseParts> {
  const { store, evidence, calendar, now } = source;
  const before = earlier[0]!;
  const request: ChangesRequest = {
    service,
    before: { ...before, where: [] },
    after: { ...after, where: [] },
    zone: calendar.zone,
    limit: ROWS_MAX,
  };
  const view = viewOf(service, after);
  const [changes, quality, modules, deploys, findings, stalls, recommendations] = await Promise.all(
    [
      changesOf(store, request),
      qualityOf(source, service, after),
      moduleLines(source, service, after, before),
      deploysOf(store, service),
      evidence.findingsOf?.(view) ?? [],
      store.events({
        service,
        fromMs: before.fromMs,
        toMs: after.toMs,
        name: STALL_EVENT,
        limit: STALL_EVENTS_MAX,
      }),
      evidence.recommendationsOf?.(view) ?? [],
    ],
  );
  const headline = await headlineOf(source, request, changes, earlier);
  const { fresh, continuing } = await told(source, request, changes.rows, last);
  const groupsOf = (verdict: ChangeRow['verdict']): ChangeGroup[] =>
    grouped(
      fresh.filter((row) => row.verdict === verdict).map((row) => explained(row, findings)),
      deploys,
      // A block that begins explains nothing that became faster.
      verdict === 'slower' ? stalls : [],
    );
  const regressions = groupsOf('slower');
  const improvements = groupsOf('faster');
  const open = recommendations.filter(({ status }) => status === 'open');
  const base: Base = {
    service: service ?? null,
    zone: calendar.zone,
    ...after,
    madeMs: now(),
    verdict: verdictOf(headline, quality, regressions, improvements),
    quality,
    times: timesOf(calendar, after, before),
    headline,
    modules,
    regressions,
    continuing: continuing.map((row) => explained(row, findings)),
    improvements,
    recommendations: open.slice(0, RECOMMENDATIONS_MAX),
    notJudged: notJudged(changes.rows, quality, headline),
  };
  return { base, changes, recommendations };
}

/** Changes that are news, and those that the last report told already: they began in its time, and it saw them. */
async function told(
  { store }: ReportSource,
  request: ChangesRequest,
  rows: readonly ChangeRow[],
  last: ReportPeriods['last'],
): Promise<{ fresh: ChangeRow[]; continuing: ChangeRow[] }> {
  const changed = rows.filter(({ verdict }) => isOfChange(verdict));
  const isOld = ({ sinceMs }: ChangeRow): boolean =>
    sinceMs !== null && sinceMs < request.after.fromMs;
  if (!changed.some(isOld)) return { fresh: changed, continuing: [] };
  const earlier = await changesOf(store, {
    ...request,
    before: { ...last.before, where: [] },
    after: { ...last.after, where: [] },
  });
  const keyOf = ({ kind, name, verdict }: ChangeRow): string =>
    JSON.stringify([kind, name, verdict]);
  const known = new Set(earlier.rows.map(keyOf));
  const isTold = (row: ChangeRow): boolean => isOld(row) && known.has(keyOf(row));
  return {
    fresh: changed.filter((row) => !isTold(row)),
    // What became faster and stays so is how it is now.
    continuing: changed.filter((row) => isTold(row) && row.verdict === 'slower'),
  };
}

function verdictOf(
  headline: Headline,
  quality: Quality,
  regressions: readonly ChangeGroup[],
  improvements: readonly ChangeGroup[],
): ReportVerdict {
  if (headline.now.requests === 0) {
    return { state: 'cannot tell', sentence: 'Nothing was requested in this time.' };
  }
  if (headline.before === null) {
    return {
      state: 'cannot tell',
      sentence: 'There is nothing to compare with yet: no requests in the time before.',
    };
  }
  const slower = rowsOf(regressions);
  const faster = rowsOf(improvements);
  const counts = [
    slower.length > 0 ? `${formatItems(slower.length, 'thing')} became slower` : '',
    faster.length > 0 ? `${formatItems(faster.length, 'thing')} became faster` : '',
  ].filter((part) => part !== '');
  const doubt =
    quality.hoursWithData < quality.hours / 2 ? ' More than half of the time has no data.' : '';
  if (counts.length === 0) {
    return { state: 'steady', sentence: `Nothing changed that the data can show.${doubt}` };
  }
  const state = counts.length === 2 ? 'mixed' : slower.length > 0 ? 'worse' : 'better';
  return { state, sentence: `${counts.join(', ')}.${doubt}` };
}

function rowsOf(groups: readonly ChangeGroup[]): ExplainedChange[] {
  return groups.flatMap(({ rows }) => rows);
}

/** What has no verdict, by its reason, with the costliest of each by name. */
function notJudged(rows: readonly ChangeRow[], quality: Quality, headline: Headline): NotJudged[] {
  const byReason = new Map<string, ChangeRow[]>();
  for (const row of rows) {
    if (row.verdict !== 'noisy' && row.verdict !== 'not enough data') continue;
    const reason = row.verdict === 'noisy' ? (row.reason ?? 'noisy') : 'too few samples or hours';
    byReason.set(reason, [...(byReason.get(reason) ?? []), row]);
  }
  const found = [...byReason].map(([why, members]): NotJudged => {
    const named = members.slice(0, NAMED_MAX).map(({ kind, name }) => `${kind} ${name}`);
    const rest = members.length - named.length;
    return { what: named.join(' · ') + (rest > 0 ? ` and ${rest} more` : ''), why };
  });
  if (headline.before === null) {
    found.push({ what: 'any change', why: 'no requests in the time before' });
  }
  if (quality.processes === 0) found.push({ what: 'losses', why: 'no process was seen' });
  return found;
}
