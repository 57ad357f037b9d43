/**
 * This machine's clock against that of whoever answered, by the Date header, which tells whole seconds.
 * Pure.
 */
import { formatSpan } from '../format-value.js';
import type { Reply } from './ask.js';
import { attention, type Finding, ok, trouble } from './finding.js';

/** What the header and the way of the answer leave open. */
const UNCERTAIN_MS = 2000;
/** Less may be transfer, and the collector leaves it (`ingest/correct-clock.ts`). */
const CORRECTED_FROM_MS = 30_000;
/** The collector refuses what comes from further ahead (`ingest/check-batch.ts`). */
const AHEAD_MS_MAX = 86_400_000;

const SET = 'Set the clocks of both machines by NTP (timedatectl).';

export function clockFinding({ dateMs, askedMs, answeredMs }: Reply): Finding {
  if (dateMs === undefined) {
    return ok('clock', 'the answer has no date: the clocks cannot be compared');
  }
  const skewMs = Math.round((askedMs + answeredMs) / 2 - (dateMs + 500));
  const distanceMs = Math.abs(skewMs);
  const facts = { skewMs };
  if (distanceMs <= UNCERTAIN_MS + (answeredMs - askedMs) / 2) {
    return ok('clock', 'the clocks agree within 2 s', facts);
  }
  const side = skewMs > 0 ? 'ahead of' : 'behind';
  const found = `this machine’s clock is ${formatSpan(distanceMs)} ${side} the collector’s`;
  if (skewMs > AHEAD_MS_MAX) {
    return trouble('clock', `${found}: its batches are refused`, SET, facts);
  }
  const effect =
    distanceMs < CORRECTED_FROM_MS
      ? 'Less than 30 s are not corrected.'
      : 'The collector corrects the times of batches meanwhile, in whole minutes.';
  return attention('clock', found, `${SET} ${effect}`, facts);
}
