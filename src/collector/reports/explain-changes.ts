/**
 * Changes with what explains them: the code line and the cause that a finding names for the same route, query or
 * operation; together those that came together, with what blocks the event loop since then. Pure.
 */
import type { StoredEvent } from '../query/events.js';
import { type StallPlace, stallPlaces } from '../query/stalls.js';
import type { ChangeRow } from './changes.js';
import { type Deploy, deployAt } from './deploys.js';
import type { Finding } from './evidence.js';
import type { ChangeGroup, ExplainedChange } from './report-model.js';

/** Changes of one deploy are seen in hours next to each other. */
const TOGETHER_MS = 2 * 3_600_000;
/** An hour is told as a whole, and agents send what they found window by window. */
const NEAR_MS = 3 * 3_600_000;
const PLACES_MAX = 500;

export function explained(row: ChangeRow, findings: readonly Finding[]): ExplainedChange {
  const about = findings
    .filter((finding) => isSubject(finding, row) && isOfTime(finding, row))
    .sort((a, b) => distance(a, row) - distance(b, row) || b.perDay - a.perDay);
  const best = about[0];
  if (best === undefined) return { ...row, code: null, why: null };
  const kind = best.kind.replaceAll('_', ' ');
  const why = row.verdict === 'faster' ? `no more ${kind}` : `${kind}: ${best.fix}`;
  return { ...row, code: best.code, why };
}

function isSubject(finding: Finding, { kind, name }: ChangeRow): boolean {
  switch (kind) {
    case 'route':
    case 'page':
      return finding.route !== null && `${finding.method ?? ''} ${finding.route}`.trim() === name;
    case 'query':
      return finding.query !== '' && finding.query === name;
    case 'operation':
      return finding.operation === name;
  }
}

/** What makes slower is still there after the change; what made it faster is that something ended with it. */
function isOfTime({ lastSeenMs }: Finding, { verdict, sinceMs }: ChangeRow): boolean {
  if (verdict === 'faster') {
    return (
      lastSeenMs !== undefined && sinceMs !== null && Math.abs(lastSeenMs - sinceMs) <= NEAR_MS
    );
  }
  return sinceMs === null || lastSeenMs >= sinceMs;
}

/** A finding that began with the change explains it better than one that was there before. */
function distance({ firstSeenMs }: Finding, { sinceMs }: ChangeRow): number {
  return sinceMs === null ? 0 : Math.abs(firstSeenMs - sinceMs);
}

/** Those of one deploy, or of the same hours, together; the costliest group first, as its rows came. */
export function grouped(
  rows: readonly ExplainedChange[],
  deploys: readonly Deploy[],
  stalls: readonly StoredEvent[],
): ChangeGroup[] {
  const groups: { sinceMs: number | null; deploy: Deploy | undefined; rows: ExplainedChange[] }[] =
    [];
  for (const row of rows) {
    const deploy = deployAt(deploys, row.sinceMs);
    const group = groups.find((one) =>
      deploy === undefined && one.deploy === undefined
        ? isTogether(one.sinceMs, row.sinceMs)
        : one.deploy === deploy,
    );
    if (group === undefined) groups.push({ sinceMs: row.sinceMs, deploy, rows: [row] });
    else group.rows.push(row);
  }
  return groups.map(({ sinceMs, deploy, rows: members }) => ({
    sinceMs,
    deploy: deploy === undefined ? null : { version: deploy.version, atMs: deploy.atMs },
    blockedBy: blockedSince(stalls, sinceMs),
    rows: members,
  }));
}

function isTogether(a: number | null, b: number | null): boolean {
  return a === null || b === null ? a === b : Math.abs(a - b) <= TOGETHER_MS;
}

/** The costliest place that blocks the event loop from about a change on, and did not before; or null. */
export function blockedSince(
  events: readonly StoredEvent[],
  sinceMs: number | null,
): ChangeGroup['blockedBy'] {
  if (sinceMs === null) return null;
  const placesOf = (within: (timeMs: number) => boolean): StallPlace[] =>
    stallPlaces(
      events.filter(({ timeMs }) => within(timeMs)),
      PLACES_MAX,
    );
  const keyOf = ({ file, line }: StallPlace): string => JSON.stringify([file, line]);
  const keysOf = (places: readonly StallPlace[]): Set<string> => new Set(places.map(keyOf));
  const known = keysOf(placesOf((timeMs) => timeMs < sinceMs));
  const soon = keysOf(placesOf((timeMs) => timeMs >= sinceMs && timeMs < sinceMs + NEAR_MS));
  const place = placesOf((timeMs) => timeMs >= sinceMs).find(
    (one) => one.file !== null && soon.has(keyOf(one)) && !known.has(keyOf(one)),
  );
  if (place === undefined) return null;
  const { file, line, count, max } = place;
  return { file: file!, line: line!, function: place.function ?? '', count, max };
}
