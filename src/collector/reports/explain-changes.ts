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
const PLACES_MAX = 500;

export function explained(row: ChangeRow, findings: readonly Finding[]): ExplainedChange {
  const about = findings
    .filter((finding) => isAbout(finding, row))
    .sort((a, b) => distance(a, row) - distance(b, row) || b.perDay - a.perDay);
  const best = about[0];
  if (best === undefined) return { ...row, code: null, why: null };
  return { ...row, code: best.code, why: `${best.kind.replaceAll('_', ' ')}: ${best.fix}` };
}

function isAbout(finding: Finding, { kind, name, sinceMs }: ChangeRow): boolean {
  // What ended before the change did not make it.
  if (sinceMs !== null && (finding.lastSeenMs ?? sinceMs) < sinceMs) return false;
  switch (kind) {
    case 'route':
    case 'page':
      return finding.route !== '' && `${finding.method} ${finding.route}`.trim() === name;
    case 'query':
      return finding.query !== '' && finding.query === name;
    case 'operation':
      return finding.operation !== '' && finding.operation === name;
  }
}

/** A finding that began with the change explains it better than one that was there before. */
function distance({ firstSeenMs }: Finding, { sinceMs }: ChangeRow): number {
  return sinceMs === null || firstSeenMs === undefined ? 0 : Math.abs(firstSeenMs - sinceMs);
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

/** The costliest place that blocks the event loop since a change and did not before; null when there is none. */
export function blockedSince(
  events: readonly StoredEvent[],
  sinceMs: number | null,
): ChangeGroup['blockedBy'] {
  if (sinceMs === null) return null;
  const keyOf = ({ file, line }: StallPlace): string => JSON.stringify([file, line]);
  const part = (isSince: boolean): StallPlace[] =>
    stallPlaces(
      events.filter(({ timeMs }) => timeMs >= sinceMs === isSince),
      PLACES_MAX,
    );
  const known = new Set(part(false).map(keyOf));
  const place = part(true).find((one) => one.file !== null && !known.has(keyOf(one)));
  if (place === undefined) return null;
  const { file, line, count, max } = place;
  return { file: file!, line: line!, function: place.function ?? '', count, max };
}
