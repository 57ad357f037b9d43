/** What a reader of docs/reference/codes.md can do about each warning; as many as there are codes. */

/** @type {Readonly<Record<string, string>>} */
export const REMEDIES = {
  TACHO_OPTION_INVALID:
    'The warning says what was expected, what came and what is used instead. `npx tachograph config` shows every option.',
  TACHO_OPTION_UNKNOWN:
    'The warning names the nearest option. Every option is listed in [options](options.md).',
  TACHO_DESTINATION_INVALID:
    'The other destinations are used. The accepted forms are in the row `TACHOGRAPH_URL` of [options](options.md).',
  TACHO_COLLECTOR_UNREACHABLE:
    'Nothing is lost while the spool has room (`TACHOGRAPH_SPOOL_MAX`) and batches are younger than `TACHOGRAPH_SPOOL_AGE`. Start the collector, or check `TACHOGRAPH_URL`.',
  TACHO_COLLECTOR_REFUSED:
    'The receiver answered 400, 413, 415, 422 or the like: it is no receiver of this format, or older than the agent. The records count as dropped in the ledger.',
  TACHO_TOKEN_REFUSED:
    'The answer was 401 or 403. Give the collector’s token in `TACHOGRAPH_TOKEN` or `TACHOGRAPH_TOKEN_FILE`; batches wait in the spool until it is right.',
  TACHO_TLS_FAILED:
    'The warning says why. A certificate that has expired, is for another host, or is signed by nobody this machine knows: mend it, or name the file of its authority in `TACHOGRAPH_CA`. No TLS at that address: write `http://`, or the port where the collector has TLS. No TLS could be agreed on: the words after it are those of OpenSSL, and tell what the other end wants, such as a certificate of ours, which the agent has none of, or another version of TLS. Batches wait in the spool meanwhile.',
  TACHO_SPOOL_UNUSABLE:
    'The warning names the folder and the reason: no permission, read-only, full. Set `TACHOGRAPH_SPOOL_DIR` to a folder the process may write to.',
  TACHO_SPOOL_DAMAGED:
    'Power loss or a full disk tears a file, a bad disk does not give it back; the others are read, and it is set aside in the folder `damaged` beside them where that is possible. What was in it counts as dropped in the ledger.',
  TACHO_BATCH_INVALID:
    'This is a fault of the agent: please report it with the warning. The records count as dropped in the ledger.',
  TACHO_WORKER_CRASHED:
    'Your program does not notice. Records made meanwhile wait in the ring; the warning carries the reason, which is worth a report.',
  TACHO_AGENT_OFF:
    'Your program goes on without being recorded until it is started again. The warning carries the reason, which is worth a report.',
  TACHO_PROBE_OFF:
    'The other probes go on. The warning names the probe; `TACHOGRAPH_PROBES=all,-name` leaves it out from the start. When it says that a part of the agent cannot be loaded, the package was changed under the process or is not complete: start the program again, or install the package again.',
  TACHO_SERIES_LIMIT:
    'Totals stay exact, but details are folded together. Usually a route or host name holds an id; otherwise raise `TACHOGRAPH_SERIES_MAX`.',
  TACHO_THREAD_LIMIT:
    'What a thread past the limit records is taken up when it ends, if there is room by then, and is counted as dropped (`thread_limit`) otherwise. One that is terminated says nothing at its end: what it recorded is in no number.',
  TACHO_STALLS_OFF:
    'The thread may stand at a breakpoint, which is no fault of the program. Blocks are told of again once no inspector is open; [what blocked the event loop](../guides/what-blocked.md) has the rest.',
  TACHO_BEACON_OFF:
    'The warning says why. A policy that does not allow the script, or where it sends: add its origin to `script-src` and `connect-src`, or serve it from your own site ([frontend](../guides/frontend.md)). Otherwise `TACHOGRAPH_BEACON_SCRIPT` or `TACHOGRAPH_BEACON_KEY` is missing.',
  TACHO_METRIC_INVALID:
    'The warning says what was expected; the metric is left out and everything else goes on. Names, units and attributes are explained in [the JavaScript API](javascript-api.md).',
  TACHO_SAMPLER_TROUBLE:
    'That number is absent from the batches and the others go on. `TACHOGRAPH_SAMPLER` chooses another source.',
  TACHO_ALERT_UNTOLD:
    'The message waits and is tried again for a day, unless the receiver refused it for good; the warning says why. `tachograph alert test` in the same environment shows whether it is mended; [alerts](../guides/alerts.md) has the rest.',
};
