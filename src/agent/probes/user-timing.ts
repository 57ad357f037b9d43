/**
 * `performance.mark` and `performance.measure` of the application and its libraries. They are observed
 * once the application has started, with what was marked before. Names may hold anything: a query is cut
 * off, addresses, tokens and ids are folded, and past NAMES_MAX names there is only (other).
 */
import { USER_TIMING_DURATION, USER_TIMING_MARKS } from '../../shared/application-metrics.js';
import { OTHER } from '../../shared/metric.js';
import { guarded, guardedCall } from '../guarded.js';
import { perfHooks } from '../late-builtins.js';
import type { Probe, ProbeHost } from '../probe.js';

const NAMES_MAX = 100;
/** What a URL may hold besides its path. */
const QUERY = /[?#].*$/s;
/** Each, as route-normaliser.ts knows them: addresses, tokens of letters and digits, then ids. */
const EMAIL = /[^\s@/,;:<>()"']+?(?:@|%40)[^\s@/,;:<>()"']+/gi;
const TOKEN = /(?<![\w.~=+-])(?=[\w.~=+-]*\d)(?=[\w.~=+-]*[a-z])[\w.~=+-]{16,}/gi;
const NAME_LENGTH_MAX = 256;
const IDS = /[\da-f]{8}-[\da-f-]{27}|\b[\da-f]{16,}\b|\d{3,}/gi;

interface Entry {
  readonly name: string;
  readonly entryType: string;
  readonly duration: number;
}

export const userTimingProbe: Probe = {
  name: 'user-timing',
  start(host) {
    const { warn, afterStart } = host;
    const record = createRecord(host);
    const observe = guarded('user-timing', warn, (list: { getEntries(): Entry[] }) => {
      for (const entry of list.getEntries()) record(entry);
    });
    const begin = guardedCall('user-timing', warn, () => {
      const observer = new (perfHooks().PerformanceObserver)((list) => observe(list as never));
      for (const type of ['mark', 'measure']) observer.observe({ type, buffered: true } as never);
    });
    afterStart(begin);
  },
};

function createRecord({ recorder }: ProbeHost): (entry: Entry) => void {
  const names = new Set<string>();
  const foldedName = (name: string): string => {
    const folded = foldedText(name);
    if (!names.has(folded) && names.size >= NAMES_MAX) return OTHER;
    names.add(folded);
    return folded;
  };
  return ({ name, entryType, duration }) => {
    const values = [foldedName(name)];
    if (entryType === 'mark') recorder.record(recorder.series(USER_TIMING_MARKS, values), 1);
    else
      recorder.record(recorder.series(USER_TIMING_DURATION, values), Math.round(duration * 1000));
  };
}

function foldedText(name: string): string {
  const path = name.slice(0, NAME_LENGTH_MAX).replace(QUERY, '');
  return [EMAIL, TOKEN, IDS].reduce((text, pattern) => text.replaceAll(pattern, '#'), path);
}
