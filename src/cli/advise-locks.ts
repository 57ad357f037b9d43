/** `tachograph advise --locks TIME`: looks that long, once a second, at who waits for whom, and prints what it saw. */
import { setTimeout as sleep } from 'node:timers/promises';
import { LockLog, type LockPair } from '../advisor/locks/lock-log.js';
import { openLocks } from '../advisor/locks/open-locks.js';
import { formatItems } from '../shared/format-items.js';
import { formatSeconds, safeName } from './format-value.js';
import type { Paint } from './table.js';

/** What a watch saw; as JSON it is printed so. */
export interface LocksSeen {
  readonly watchedS: number;
  readonly looks: number;
  readonly pairs: readonly LockPair[];
  /** Waits that were too many to be looked at. */
  readonly omitted: number;
  /** What keeps statements of others from being seen, or null. */
  readonly missingRight: string | null;
}

const EVERY_MS = 1000;

/** @throws {AdvisorError} when the database cannot be looked at, or not any more */
export async function seeLocks(dsn: string, forMs: number): Promise<LocksSeen> {
  const session = await openLocks(dsn);
  const log = new LockLog();
  const startMs = Date.now();
  let looks = 0;
  try {
    do {
      if (looks > 0) await sleep(EVERY_MS);
      log.add(await session.look(), Date.now());
      looks += 1;
    } while (Date.now() - startMs < forMs);
  } finally {
    await session.close();
  }
  return {
    watchedS: (Date.now() - startMs) / 1000,
    looks,
    pairs: log.pairs(startMs, Number.POSITIVE_INFINITY),
    omitted: log.omitted,
    missingRight: session.missingRight ?? null,
  };
}

const STATES: Readonly<Record<LockPair['blockerState'], string>> = {
  running: 'held by',
  waiting: 'held by, which waits too',
  idle: 'held by an open transaction that runs nothing; last it ran',
  unknown: 'held by',
};

export function renderLocks(seen: LocksSeen, paint: Paint): string {
  const { watchedS, looks, pairs, omitted, missingRight } = seen;
  const lines = [`${formatItems(looks, 'look')} in ${formatSeconds(watchedS)}`, ''];
  for (const { kind, blocked, blocker, blockerState, waits, waitedS, longestS } of pairs) {
    const title = kind === 'deadlock' ? 'deadlock' : 'lock wait';
    const times = `${formatItems(waits, 'wait')}, at least ${formatSeconds(waitedS)} in all, ${formatSeconds(longestS)} the longest`;
    lines.push(
      paint('bold', kind === 'deadlock' ? title : `${title}: ${times}`),
      `  waits   ${safeName(blocked)}`,
      `  ${STATES[blockerState]}`,
      `          ${blocker === null ? '(the server does not tell)' : safeName(blocker)}`,
      '',
    );
  }
  if (pairs.length === 0) lines.push(paint('green', 'Nobody was seen to wait.'), '');
  if (omitted > 0) lines.push(`and ${formatItems(omitted, 'wait')} that were too many to look at`);
  if (missingRight !== null) {
    lines.push(`note: statements of others are not to be seen: ${missingRight}`);
  }
  return `${lines.join('\n').trimEnd()}\n`;
}
