/**
 * The table of warnings. A code is never reused for another meaning; each is explained in
 * docs/reference/codes.md (a test holds the two together).
 */
export const WARNINGS = {
  TACHO_OPTION_INVALID: 'An option has a value that cannot be used.',
  TACHO_OPTION_UNKNOWN: 'A TACHOGRAPH_ variable is not an option.',
  TACHO_DESTINATION_INVALID: 'A destination in TACHOGRAPH_URL cannot be used.',
  TACHO_COLLECTOR_UNREACHABLE:
    'A collector does not answer; batches wait in the spool (`npx tachograph collector` starts one).',
  TACHO_COLLECTOR_REFUSED: 'A collector refuses batches for good; they are set aside.',
  TACHO_TOKEN_REFUSED: 'A collector refuses the token.',
  TACHO_TLS_FAILED: 'No trustworthy connection can be made to a collector; nothing is sent to it.',
  TACHO_SPOOL_UNUSABLE:
    'The spool folder cannot be used; batches wait in memory, which is bounded.',
  TACHO_SPOOL_DAMAGED: 'A spool file could not be read back and was skipped.',
  TACHO_BATCH_INVALID: 'A batch could not be encoded and was dropped.',
  TACHO_WORKER_CRASHED: 'The agent’s worker ended and is started again.',
  TACHO_AGENT_OFF: 'The agent turned itself off after repeated trouble.',
  TACHO_PROBE_OFF: 'A probe failed repeatedly and turned itself off.',
  TACHO_SERIES_LIMIT: 'The series limit is reached; new series count under (other).',
  TACHO_THREAD_LIMIT: 'More worker threads live at a time than can be recorded.',
  TACHO_STALLS_OFF: 'What blocks the event loop is not looked for while an inspector is open.',
  TACHO_BEACON_OFF: 'The browser beacon is not put into a page.',
  TACHO_METRIC_INVALID: 'A metric that the application defines cannot be recorded.',
  TACHO_SAMPLER_TROUBLE: 'A source of system numbers cannot be read.',
  TACHO_ALERT_UNTOLD: 'Somebody cannot be told of an alert.',
} as const;

export type WarningCode = keyof typeof WARNINGS;
