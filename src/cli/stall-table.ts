/** The table "What blocked the event loop" of `tachograph top`. Names come from services and are neutralised. */
import type { StallPlace } from '../collector/query/stalls.js';
import { formatCount, formatPercent, formatSeconds, safeName } from './format-value.js';
import { type Column, type Paint, table } from './table.js';

/** Places shown; the rest is a question for /v1/stalls. */
export const STALLS_MAX = 5;

/** No lines when nothing blocked. `timeMs` is when the data was asked for. */
export function stallTable(
  places: readonly StallPlace[],
  timeMs: number,
  width: number,
  paint: Paint,
): string[] {
  if (places.length === 0) return [];
  const columns: Column<StallPlace>[] = [
    { title: 'blocks', width: 8, text: ({ count }) => formatCount(count) },
    { title: 'total', width: 9, text: ({ sum }) => formatSeconds(sum) },
    { title: 'max', width: 9, text: ({ max }) => formatSeconds(max) },
    { title: 'GC', width: 8, text: ({ gc, sum }) => formatPercent(sum === 0 ? 0 : gc / sum) },
    { title: 'last', width: 12, text: (place) => lastSeen(place, timeMs) },
  ];
  const isAlarming = ({ ongoing }: StallPlace): boolean => ongoing > 0;
  const nameOf = (place: StallPlace): string =>
    placeName({ ...place, isApproximate: place.approximate === place.count });
  return table('What blocked the event loop', places, nameOf, columns, width, paint, isAlarming);
}

export interface NamedPlace {
  /** Null where it was not looked into. */
  readonly function: string | null;
  readonly file: string | null;
  readonly line: number | null;
  /** A native call, which is heard of again only when it has returned. */
  readonly isApproximate: boolean;
}

export function placeName({ function: name, file, line, isApproximate }: NamedPlace): string {
  if (file === null) return '(not looked into)';
  const about = isApproximate ? '~' : '';
  return `${safeName(name || '(anonymous)')}  ${about}${safeName(file)}:${line ?? '?'}`;
}

function lastSeen({ ongoing, lastSeenMs }: StallPlace, timeMs: number): string {
  if (ongoing > 0) return 'blocked';
  return `${formatSeconds(Math.max(0, timeMs - lastSeenMs) / 1000)} ago`;
}
