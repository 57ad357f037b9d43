import { describe, expect, it } from 'vitest';
import { changePoints } from '../../../src/collector/statistics/change-points.js';
import { HOUR_MS } from '../../../src/collector/statistics/hour-bins.js';
import { createRandom } from '../../../src/collector/statistics/random.js';
import { normal } from './simulated-traffic.js';

function series(levels: readonly (readonly [hours: number, level: number])[], seed = 1) {
  const random = createRandom(seed);
  return levels
    .flatMap(([hours, level]) => new Array<number>(hours).fill(level))
    .map((level, hour) => ({
      timeMs: hour * HOUR_MS,
      value: level + 0.05 * normal(random),
      variance: 0.001,
    }));
}
const hoursOf = (points: ReturnType<typeof changePoints>) =>
  points.map(({ timeMs }) => timeMs / HOUR_MS);

describe('change points', () => {
  it('are where the level changes, upwards and back', () => {
    const found = changePoints(
      series([
        [100, 0],
        [60, 0.4],
        [100, 0],
      ]),
    );
    expect(hoursOf(found)).toEqual([100, 160]);
    expect(found[0]!.shift).toBeGreaterThan(0.35);
    expect(found[1]!.shift).toBeLessThan(-0.35);
  });

  it('are none in noise, and none for a burst of three hours', () => {
    expect(changePoints(series([[300, 0]]))).toEqual([]);
    expect(
      changePoints(
        series([
          [150, 0],
          [3, 0.4],
          [150, 0],
        ]),
      ),
    ).toEqual([]);
  });

  it('are none in a series too short, empty or without any noise', () => {
    expect(changePoints([])).toEqual([]);
    expect(
      changePoints(
        series([
          [5, 0],
          [5, 1],
        ]),
      ),
    ).toEqual([]);
    const flat = series([[50, 0]]).map((point) => ({ ...point, value: 1 }));
    expect(changePoints(flat)).toEqual([]);
  });
});
