/**
 * Puts together what finds out what can be mended in queries: shapes of statements, detection, places and
 * the log. Runs in the agent's worker.
 */
import { QUERY_TEXT } from '../../shared/database-metrics.js';
import { homeFolder } from '../../shared/home-folder.js';
import type { ThreadLeak, ThreadSuspect, WorkerStart } from '../../shared/worker-protocol.js';
import type { Series } from '../../transport/batch.js';
import { leakOf, unitOfLeak } from './connection-leaks.js';
import { detectFindings } from './detect-findings.js';
import { FindingLog, type MadePlace, type Want } from './finding-log.js';
import { QueryPlaceReader } from './query-place.js';
import { readSuspect } from './query-run.js';
import { SourceMaps } from './source-maps.js';
import type { StatementShapes } from './statement-shapes.js';

export interface FindingsWatched {
  readonly log: FindingLog;
  readonly look: (suspect: ThreadSuspect) => void;
  readonly lookAtLeak: (leak: ThreadLeak) => void;
}

/** Where nobody says otherwise, it is. */
const ELSEWHERE: ReadonlySet<string> = new Set(['development', 'dev', 'test']);

export function watchFindings(
  { options, facts }: WorkerStart,
  shapes: StatementShapes,
  seriesOf: (threadId: number, id: number) => Series | undefined,
  want: Want,
): FindingsWatched {
  const places = new QueryPlaceReader({ working: facts.cwd, home: homeFolder() }, new SourceMaps());
  const log = new FindingLog(places, want);
  const thresholds = {
    slowQueryUs: options.slowQueryMs * 1000,
    queriesMax: options.queriesMax,
    isProduction: !ELSEWHERE.has(process.env.NODE_ENV ?? 'production'),
  };
  const look = (message: ThreadSuspect): void => {
    const unit = readSuspect(message, seriesOf, shapes);
    if (unit === undefined) return;
    const places = message.suspect.places.flatMap(({ series, frames }): MadePlace[] => {
      const names = Object.fromEntries(seriesOf(message.threadId, series)?.attributes ?? []);
      const { 'db.system.name': system = '', [QUERY_TEXT]: text = '' } = names;
      return [{ series, system, text, frames }];
    });
    log.add(message.threadId, unit, detectFindings(unit, thresholds), places);
  };
  const lookAtLeak = ({ threadId, leak }: ThreadLeak): void => {
    const attributes =
      leak.series === undefined ? [] : (seriesOf(threadId, leak.series)?.attributes ?? []);
    const detected = leakOf(leak, Date.now());
    const place = { series: undefined, system: '', text: leak.pool, frames: leak.frames };
    log.add(threadId, unitOfLeak(leak, attributes), [detected], [place]);
  };
  return { log, look, lookAtLeak };
}
