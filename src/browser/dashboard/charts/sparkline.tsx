/** A small line beside a number: its shape over the range. The number and its name are the text. */
import type { JSX } from 'preact';

export interface SparklineProps {
  readonly points: readonly (readonly [timeMs: number, value: number | null])[];
  readonly fromMs: number;
  readonly toMs: number;
}

const WIDTH = 240;
const HEIGHT = 48;

export function Sparkline({ points, fromMs, toMs }: SparklineProps): JSX.Element {
  const max = Math.max(0, ...points.map(([, value]) => value ?? 0));
  const x = (timeMs: number): number => ((timeMs - fromMs) / Math.max(1, toMs - fromMs)) * WIDTH;
  const y = (value: number): number => HEIGHT - 2 - (max === 0 ? 0 : (value / max) * (HEIGHT - 6));
  const known = points.flatMap(([timeMs, value]) =>
    value === null ? [] : [`${x(timeMs).toFixed(1)} ${y(value).toFixed(1)}`],
  );
  const first = known[0]?.split(' ')[0] ?? 0;
  const last = known.at(-1)?.split(' ')[0] ?? 0;
  return (
    <svg
      class="sparkline"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {known.length > 0 && (
        <>
          <path
            class="spark-area"
            d={`M${first} ${HEIGHT}L${known.join('L')}L${last} ${HEIGHT}Z`}
          />
          <path class="spark-line" d={`M${known.join('L')}`} />
        </>
      )}
    </svg>
  );
}
