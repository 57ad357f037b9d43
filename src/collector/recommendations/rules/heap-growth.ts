/**
 * Rule: a heap that grows and does not come down. What counts is the least in use in each step, which is what garbage
 * collection left; a straight line through it, after the start of the process, is a slope.
 */
import type { HeapRow } from '../evidence/evidence.js';
import { bytes, time } from '../words.js';
import type { Rule } from './rule.js';

const POINTS_MIN = 12;
const SPAN_MS_MIN = 20 * 60_000;
/** The start of a process: caches fill, code is compiled. */
const SKIPPED = 0.2;
/** Of the variance that the line explains. */
const FIT_MIN = 0.8;
const GROWTH_MIN = 0.1;
const GROWTH_BYTES_MIN = 16 * 1024 * 1024;
const SOON_SECONDS = 86_400;

export interface Growth {
  /** Bytes an hour. */
  readonly slope: number;
  readonly fit: number;
  readonly from: number;
  readonly to: number;
  readonly spanMs: number;
  /** Until the limit is reached; null where there is no limit. */
  readonly secondsLeft: number | null;
}

export const heapGrowth: Rule = ({ runtime }) =>
  runtime.heaps.flatMap((heap) => {
    const growth = growthOf(heap);
    if (growth === undefined) return [];
    const { slope, secondsLeft } = growth;
    const isSoon = secondsLeft !== null && secondsLeft < SOON_SECONDS;
    return [
      {
        type: 'heap_growth',
        subject: heap.instance,
        title: 'Memory that is never given back (probably a leak)',
        finding: `The heap of one process grows by ${bytes(slope)} an hour, and garbage collection does not bring it back.`,
        evidence: [
          `From ${bytes(growth.from)} to ${bytes(growth.to)} in ${time(growth.spanMs / 1000)}; a straight line explains ${Math.round(growth.fit * 100)} % of it.`,
          ...(secondsLeft === null
            ? []
            : [
                `At this pace the limit of ${bytes(heap.limit)} is reached in ${time(secondsLeft)}.`,
              ]),
          `Process ${heap.instance}.`,
        ],
        costPerDay: 0,
        risk: isSoon ? ('outage' as const) : ('degraded' as const),
        fix: {
          text: 'Compare two heap snapshots taken some minutes apart. Usual causes: a Map that nothing is deleted from, listeners added in a request, a cache without a limit.',
          code: 'node --heapsnapshot-signal=SIGUSR2 --import tachograph app.js   # kill -USR2 PID, twice',
          language: null,
        },
        confidence: growth.fit > 0.95 ? ('high' as const) : ('medium' as const),
        verification: 'The heap of new processes stays level after its start.',
        measure: { kind: 'service' } as const,
      },
    ];
  });

/** Undefined when it does not grow, or when there is too little to tell. */
export function growthOf({ points, limit }: HeapRow): Growth | undefined {
  const later = points.slice(Math.ceil(points.length * SKIPPED));
  const [first, last] = [later[0], later.at(-1)];
  if (!first || !last || later.length < POINTS_MIN) return undefined;
  const spanMs = last.timeMs - first.timeMs;
  if (spanMs < SPAN_MS_MIN) return undefined;
  const { slope, intercept, fit } = lineThrough(
    later.map(({ timeMs, bytes: size }) => [(timeMs - first.timeMs) / 3_600_000, size]),
  );
  const from = intercept;
  const to = intercept + (slope * spanMs) / 3_600_000;
  const isGrowth = to - from >= Math.max(GROWTH_BYTES_MIN, GROWTH_MIN * from);
  if (!isGrowth || fit < FIT_MIN) return undefined;
  const secondsLeft = limit > to ? ((limit - to) / slope) * 3600 : null;
  return { slope, fit, from, to, spanMs, secondsLeft };
}

/** Least squares. */
function lineThrough(points: readonly (readonly [x: number, y: number])[]) {
  const n = points.length;
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / n;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / n;
  let xx = 0;
  let xy = 0;
  let yy = 0;
  for (const [x, y] of points) {
    xx += (x - meanX) ** 2;
    xy += (x - meanX) * (y - meanY);
    yy += (y - meanY) ** 2;
  }
  const slope = xx === 0 ? 0 : xy / xx;
  const fit = xx === 0 || yy === 0 ? 0 : (xy * xy) / (xx * yy);
  return { slope, intercept: meanY - slope * meanX, fit };
}
