import { describe, expect, it } from 'vitest';
import { HttpError } from '../../../src/collector/http/http-error.js';
import { parseQuery } from '../../../src/collector/http/parse-query.js';
import type { QueryRequest } from '../../../src/collector/query/query-request.js';
import { RETENTION_DEFAULT } from '../../../src/collector/store/data-folder.js';

const NOW = Date.UTC(2026, 10, 23, 12);

function parse(query: string): QueryRequest {
  return parseQuery(new URLSearchParams(`metric=m&${query}`), NOW, RETENTION_DEFAULT);
}

function refusalOf(query: string): HttpError {
  try {
    parse(query);
  } catch (error) {
    if (error instanceof HttpError) return error;
  }
  return expect.fail(`${query} was taken`);
}

/** Points that an answer can have at most, totals included. */
function pointsOf({ fromMs, toMs, stepMs, limit }: QueryRequest): number {
  return limit * (1 + (stepMs === undefined ? 0 : (toMs - fromMs) / stepMs));
}

describe('the size of an answer', () => {
  it.each([
    ['from=-5h&step=10s&group=http.route&limit=100', 27],
    ['from=-1h&step=10s&group=*&limit=500', 138],
    ['from=-1h&step=10s&group=*&limit=100&histogram=1', 13],
  ])(
    'is refused when groups × points pass the limit, which says what would fit: %s',
    (query, fits) => {
      const refusal = refusalOf(query);
      expect(refusal).toMatchObject({ status: 400, code: 'too_many_points' });
      expect(refusal.message).toMatch(/expected at most 50?000 points.*got.*Take/);
      expect(refusal.message).toContain(`a limit of at most ${fits},`);
      const mended = query.replace(/limit=\d+/, `limit=${fits}`);
      expect(parse(mended).limit).toBe(fits);
      expect(() => parse(query.replace(/limit=\d+/, `limit=${fits + 1}`))).toThrow(HttpError);
    },
  );

  it.each([
    'from=-5h&step=10s&group=http.route',
    'from=-5h&step=10s&group=*&histogram=1',
    'from=-1h&group=http.route',
  ])('without a limit has the groups that fit, at most 100: %s', (query) => {
    const request = parse(query);
    const pointsMax = request.histogram ? 5000 : 50_000;
    expect(request.limit).toBeLessThanOrEqual(100);
    expect(pointsOf(request)).toBeLessThanOrEqual(pointsMax);
    expect(
      request.limit === 100 || pointsOf({ ...request, limit: request.limit + 1 }) > pointsMax,
    ).toBe(true);
  });

  it.each([
    'from=-5h&step=10s',
    'from=-5h&step=10s&histogram=1',
    'from=-5h&step=10s&limit=500',
    'from=-7d&group=*&limit=500',
    'from=-5m&step=10s&group=service.instance.id&limit=500',
  ])('is no matter for %s', (query) => {
    expect(() => parse(query)).not.toThrow();
  });

  it('is refused past 2,000 steps, whatever the groups', () => {
    const refusal = refusalOf('from=-1d&step=10s');
    expect(refusal).toMatchObject({ status: 400, code: 'too_many_points' });
    expect(refusal.message).toContain('at most 2000 steps, got 8640');
  });
});

describe('what is coarse', () => {
  const day = `from=${NOW - 86_700_000}&to=${NOW - 300_000}`;

  it('is of whole hours, of a day and more', () => {
    const range = { level: 'minute', fromMs: NOW - 90_000_000, toMs: NOW };
    expect(parse(`${day}&coarse=1`)).toMatchObject(range);
  });

  it.each([
    day,
    `${day}&coarse=1&step=12m`,
    `from=${NOW - 86_700_000}&to=${NOW - 360_000}&coarse=1`,
  ])('is not of whole hours: %s', (query) => {
    const { fromMs } = parse(query);
    expect(fromMs).toBeGreaterThan(NOW - 90_000_000);
  });
});
