/** What the contents of a destination's spool mean for an operator. Pure. */

import { formatItems } from '../../shared/format-items.js';
import { formatDuration } from '../../shared/quantities.js';
import { formatBytes, formatSpan } from '../format-value.js';
import { attention, type Finding, ok, trouble } from './finding.js';
import type { Share, SpoolContents } from './spool-contents.js';

/** The longest that a sound destination keeps batches waiting: a backoff, or a minute for the mended. */
const WAIT_MS_MAX = 120_000;
const FULL_SHARE = 0.8;
const FILES_SHOWN_MAX = 3;

export interface SpoolLimits {
  /** TACHOGRAPH_SPOOL_MAX. */
  readonly bytesMax: number;
  /** TACHOGRAPH_SPOOL_AGE. */
  readonly ageMaxMs: number;
}

export function waitingFindings(
  contents: SpoolContents,
  limits: SpoolLimits,
  nowMs: number,
): Finding[] {
  const { living, dead, unreadable, refused, damaged, isAllRead } = contents;
  const findings = [
    ...ofLiving(living, nowMs),
    ...ofDead(dead, limits, nowMs),
    ...ofLimit(contents.bytes, limits.bytesMax),
  ];
  if (findings.length === 0) findings.push(ok('spool-waiting', 'nothing waits', { batches: 0 }));
  if (unreadable.length > 0) {
    const some = unreadable.slice(0, FILES_SHOWN_MAX).map(({ file, why }) => `${file} (${why})`);
    const found = `${formatItems(unreadable.length, 'file')} cannot be read back: ${some.join(', ')}`;
    const todo = 'Their records are lost, and will be counted as such (corrupt). Check the disk.';
    findings.push(trouble('spool-unreadable', found, todo, { files: unreadable.length }));
  }
  if (!isAllRead) {
    const found = 'there is more than is read for this: newer files were not looked into';
    findings.push(ok('spool-unreadable', found, { isAllRead }));
  }
  if (refused + damaged > 0) {
    const found = `kept for people: ${formatItems(refused, 'file')} in "refused", ${formatItems(damaged, 'file')} in "damaged"`;
    const todo =
      'Their records are counted as lost and are not sent again. See why, then remove the files.';
    findings.push(attention('spool-aside', found, todo, { refused, damaged }));
  }
  return findings;
}

function ofLiving(share: Share, nowMs: number): Finding[] {
  if (share.batches === 0) return [];
  const facts = factsOf(share, nowMs);
  const who = formatItems(share.owners.size, 'process that runs', 'processes that run');
  const found = `waiting: ${batchesOf(share)} of ${who}${oldest(facts)}`;
  if (facts.oldestAgeMs <= WAIT_MS_MAX) return [ok('spool-waiting', found, facts)];
  const todo = 'They wait for the destination: see what is said of it.';
  return [attention('spool-waiting', found, todo, facts)];
}

function ofDead(share: Share, { ageMaxMs }: SpoolLimits, nowMs: number): Finding[] {
  const windows = share.withOpenWindow.size;
  if (share.batches + windows === 0) return [];
  const facts = factsOf(share, nowMs);
  const what = [
    ...(share.batches === 0 ? [] : [batchesOf(share)]),
    ...(windows === 0 ? [] : [formatItems(windows, 'open window')]),
  ];
  const who = formatItems(share.owners.size, 'process that has ended', 'processes that have ended');
  const found = `waiting: ${what.join(' and ')} of ${who}${oldest(facts)}`;
  const todo =
    'The next process with this spool and destination sends them: start the service again. ' +
    `What is ${formatDuration(ageMaxMs)} old is dropped.`;
  return [attention('spool-waiting', found, todo, facts)];
}

function ofLimit(bytes: number, bytesMax: number): Finding[] {
  if (bytes <= FULL_SHARE * bytesMax) return [];
  const found = `it holds ${formatBytes(bytes)} of at most ${formatBytes(bytesMax)}`;
  const todo =
    'The oldest batches go first when it is full. Mend the destination, or raise TACHOGRAPH_SPOOL_MAX.';
  return [attention('spool-waiting', found, todo, { bytes, bytesMax })];
}

function factsOf(
  { owners, withOpenWindow, batches, records, bytes, oldestMs }: Share,
  nowMs: number,
) {
  const oldestAgeMs = batches === 0 ? 0 : Math.max(0, nowMs - oldestMs);
  const openWindows = withOpenWindow.size;
  return { processes: owners.size, batches, records, bytes, openWindows, oldestAgeMs };
}

function batchesOf({ batches, bytes, records }: Share): string {
  return `${formatItems(batches, 'batch', 'batches')} (${formatBytes(bytes)}, ${records} records)`;
}

function oldest({ batches, oldestAgeMs }: ReturnType<typeof factsOf>): string {
  return batches === 0 ? '' : `, the oldest since ${formatSpan(oldestAgeMs)}`;
}
