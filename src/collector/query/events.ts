/** Events of a time range: from the 1 min files, and from raw what they have not taken over. */
import { covering, type FileReader } from '../store/file-readers.js';
import { progressOf } from '../store/rollup.js';
import type { SqlRow } from '../store/sql-driver.js';
import { inSnapshot } from './row-source.js';
import { recordOf } from './selection.js';

export interface EventsRequest {
  readonly service: string | undefined;
  /** Events of this name only. */
  readonly name?: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly limit: number;
}

export interface StoredEvent {
  readonly timeMs: number;
  readonly name: string;
  readonly service: string;
  readonly agent: string;
  readonly boot: string;
  readonly attributes: Record<string, string>;
}

/** An event lies in the file of its batch's window, and at most this far from it. */
const DISTANCE_MS = 3_600_000;

/** The newest events of the range, newest first. */
export function findEvents(
  readers: readonly FileReader[],
  { service, name, fromMs, toMs, limit }: EventsRequest,
): StoredEvent[] {
  const span = [fromMs - DISTANCE_MS, toMs + DISTANCE_MS] as const;
  const minutes = covering(readers, 'minute', ...span);
  const raws = covering(readers, 'raw', ...span);
  const found: StoredEvent[] = [];
  inSnapshot([...minutes, ...raws], () => {
    const read = (reader: FileReader, after: number): void => {
      const rows = reader.file.sql
        .prepare(
          `SELECT time_ms, name, attributes, service, agent, boot FROM events
          JOIN processes ON processes.id = events.process
          WHERE time_ms >= ? AND time_ms < ? AND batch > ? AND service = ifnull(?, service)
            AND name = ifnull(?, name)
          ORDER BY time_ms DESC LIMIT ?`,
        )
        .all([fromMs, toMs, after, service ?? null, name ?? null, limit]);
      found.push(...rows.map(eventOf));
    };
    for (const raw of raws) {
      const taken = minutes.map(({ file }) => progressOf(file, raw.id));
      read(raw, Math.max(0, ...taken));
    }
    for (const minute of minutes) read(minute, -1);
  });
  return found.sort((a, b) => b.timeMs - a.timeMs).slice(0, limit);
}

function eventOf(row: SqlRow): StoredEvent {
  return {
    timeMs: row.time_ms as number,
    name: row.name as string,
    service: row.service as string,
    agent: row.agent as string,
    boot: row.boot as string,
    attributes: recordOf(row.attributes as string),
  };
}
