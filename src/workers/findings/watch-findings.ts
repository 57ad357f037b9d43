/**
 * Puts together what finds out what can be mended in queries: shapes of statements, detection, places and
 * the log. Runs in the agent's worker.
 */
import { QUERY_TEXT } from '../../shared/database-metrics.js';
import { homeFolder } from '../../shared/home-folder.js';
import type { ThreadSuspect, WorkerStart } from '../../shared/worker-protocol.js';
import type { Series } from '../../transport/batch.js';
import { detectFindings } from './detect-findings.js';
import { FindingLog, type MadePlace, type Want } from './finding-log.js';
import { QueryPlaceReader } from './query-place.js';
import { readSuspect } from './query-run.js';
import { SourceMaps } from './source-maps.js';
import type { StatementShapes } from './statement-shapes.js';

export interface FindingsWatched {
  readonly log: FindingLog;
  readonly look: (suspect: ThreadSuspect) => void;
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
  return { log, look };
}
