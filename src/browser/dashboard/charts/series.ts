/** Lines of a chart, aligned to one list of times as uPlot wants them. Pure. */

export interface Line {
  readonly label: string;
  readonly points: readonly (readonly [timeMs: number, value: number | null])[];
  /** Of a week earlier: thin and broken. */
  readonly isBefore?: boolean;
}

/** Times in seconds first, then the values of each line; null where a line has none. */
export function alignedData(
  lines: readonly Line[],
): [times: number[], ...values: (number | null)[][]] {
  const times = [...new Set(lines.flatMap(({ points }) => points.map(([timeMs]) => timeMs)))];
  times.sort((a, b) => a - b);
  const place = new Map(times.map((timeMs, at) => [timeMs, at]));
  const values = lines.map(({ points }) => {
    const column: (number | null)[] = times.map(() => null);
    for (const [timeMs, value] of points) column[place.get(timeMs)!] = value;
    return column;
  });
  return [times.map((timeMs) => timeMs / 1000), ...values];
}

/**
 * The same as it is drawn. What is a week old is kept in wider steps than what is new: between two of its points that are
 * one such step apart nothing is missing. uPlot leaves a gap at null, and none at undefined.
 */
export function drawnData(
  lines: readonly Line[],
): [times: number[], ...values: (number | null | undefined)[][]] {
  const [times, ...values] = alignedData(lines);
  const drawn = values.map((column, i) => {
    const { isBefore, points } = lines[i]!;
    return isBefore === true ? withoutFalseGaps(column, times, points) : column;
  });
  return [times, ...drawn];
}

/** `points` are in the order of their times, as they are in answers. */
function withoutFalseGaps(
  column: readonly (number | null)[],
  times: readonly number[],
  points: Line['points'],
): (number | null | undefined)[] {
  const own = points.map(([timeMs]) => timeMs / 1000);
  const step = Math.min(...own.slice(1).map((time, i) => time - own[i]!));
  return column.map((value, i) => {
    const next = own.findIndex((time) => time >= times[i]!);
    const isBetween = next > 0 && own[next] !== times[i];
    return isBetween && own[next]! - own[next - 1]! <= step ? undefined : value;
  });
}

/** The line a week later: where it is compared with this week's. */
export function shifted(line: Line, byMs: number): Line {
  const points = line.points.map(([timeMs, value]) => [timeMs + byMs, value] as const);
  return { ...line, points, isBefore: true };
}

/** Fewer steps are no curve. */
const STEPS_MIN = 10;

/**
 * Where a curve begins: with the range, or, of what was not recorded yet by then, with its first step. An hour's axis would
 * press the first minutes of a service into its last pixels.
 */
export function curveFromMs(answer: {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number | null;
  readonly recordedFromMs: number | null;
}): number {
  const { fromMs, toMs, stepMs, recordedFromMs } = answer;
  if (stepMs === null || recordedFromMs === null) return fromMs;
  const firstMs = Math.floor(recordedFromMs / stepMs) * stepMs;
  return Math.max(fromMs, Math.min(firstMs, toMs - STEPS_MIN * stepMs));
}

/** A chart that is drawn anew moves on in steps of so much. */
const NOW_STEP_MS = 10_000;

/**
 * Where a curve ends: with the range, or with now, where the step that is under way ends later: of days that is a day. What
 * was recorded by then is in it, whichever of the two clocks is ahead.
 */
export function curveToMs(
  { toMs, recordedToMs }: { readonly toMs: number; readonly recordedToMs: number | null },
  nowMs: number,
): number {
  const endMs = Math.ceil(nowMs / NOW_STEP_MS) * NOW_STEP_MS;
  return Math.min(toMs, Math.max(endMs, recordedToMs ?? toMs));
}
