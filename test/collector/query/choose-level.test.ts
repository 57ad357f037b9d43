import { describe, expect, it } from 'vitest';
import { chooseGrid, exactGrid } from '../../../src/collector/query/choose-level.js';
import { RETENTION_DEFAULT } from '../../../src/collector/store/data-folder.js';
import { DAY_MS, HOUR_MS } from '../make-batch.js';

const NOW = Date.UTC(2026, 10, 23, 12, 0, 5);
const grid = (agoMs: number, stepMs?: number) =>
  chooseGrid({ fromMs: NOW - agoMs, toMs: NOW }, stepMs, RETENTION_DEFAULT, NOW);

describe('the level of a query', () => {
  it('is the coarsest that the step divides into', () => {
    expect(grid(HOUR_MS, 10_000).level).toBe('raw');
    expect(grid(HOUR_MS, 90_000).level).toBe('raw');
    expect(grid(HOUR_MS, 120_000).level).toBe('minute');
    expect(grid(DAY_MS, HOUR_MS).level).toBe('hour');
  });

  it('is no finer than retention has kept, and the step follows', () => {
    expect(grid(3 * DAY_MS, 10_000)).toMatchObject({ level: 'minute', stepMs: 60_000 });
    expect(grid(20 * DAY_MS, 90_000)).toMatchObject({ level: 'hour', stepMs: HOUR_MS });
    expect(grid(20 * DAY_MS)).toMatchObject({ level: 'hour' });
  });

  it('without a step is fine enough for the range', () => {
    expect(grid(60_000).level).toBe('raw');
    expect(grid(6 * HOUR_MS).level).toBe('minute');
    expect(grid(7 * DAY_MS).level).toBe('hour');
  });

  it('widens the range to whole rows and steps', () => {
    expect(grid(60_000)).toMatchObject({ fromMs: NOW - 65_000, toMs: NOW + 5000 });
    const { fromMs, toMs } = grid(HOUR_MS, 120_000);
    expect([fromMs % 120_000, toMs % 120_000]).toEqual([0, 0]);
    expect(fromMs).toBeLessThanOrEqual(NOW - HOUR_MS);
    expect(toMs).toBeGreaterThanOrEqual(NOW);
  });
});

describe('the level of a range that is not to be widened', () => {
  const exact = (fromAgoMs: number, lengthMs: number) => {
    const fromMs = Date.UTC(2026, 10, 23, 18, 30) - fromAgoMs;
    const range = { fromMs, toMs: fromMs + lengthMs };
    return { range, grid: exactGrid(range, RETENTION_DEFAULT, NOW) };
  };

  it('is that of minutes where it ends between hours', () => {
    const { range, grid } = exact(8 * DAY_MS, 7 * DAY_MS);
    expect(grid).toEqual({ ...range, level: 'minute', stepMs: undefined });
  });

  it('is that of hours where it has whole ones', () => {
    const { range, grid } = exact(8 * DAY_MS - HOUR_MS / 2, 7 * DAY_MS);
    expect(grid).toEqual({ ...range, level: 'hour', stepMs: undefined });
  });

  it('is that of hours, widened, where minutes are not kept any more', () => {
    const { range, grid } = exact(20 * DAY_MS, 7 * DAY_MS);
    const [fromMs, toMs] = [range.fromMs - HOUR_MS / 2, range.toMs + HOUR_MS / 2];
    expect(grid).toEqual({ fromMs, toMs, level: 'hour', stepMs: undefined });
  });
});
