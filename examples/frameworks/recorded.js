/** Reads what the file destination wrote: requests by route, and the layers that the table asks about. */
import { readFileSync } from 'node:fs';

const DURATION = 'http.server.request.duration';
const MIDDLEWARE = 'tachograph.middleware.duration';
const ERROR_PAGE = 'tachograph.error_page.duration';

/** The lines of the file as objects; the last one may be under way. */
export function pointsIn(output) {
  return readFileSync(output, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

/** Counts of finished requests by `METHOD route outcome`. */
export function recordedIn(points) {
  const recorded = new Map();
  for (const point of points) {
    if (point.name !== DURATION) continue;
    const outcome = point['error.type'] ?? point['http.response.status_class'];
    add(recorded, `${point['http.request.method']} ${point['http.route']} ${outcome}`, point.count);
  }
  return recorded;
}

/** Middleware by its name with its shortest and longest time, and how many responses were 5xx. */
export function layersIn(points) {
  const middleware = new Map();
  let errorPages = 0;
  for (const { name, count, min, max, ...attributes } of points) {
    if (name === ERROR_PAGE && attributes['http.response.status_code'].startsWith('5')) {
      errorPages += count;
    }
    if (name !== MIDDLEWARE) continue;
    const key = attributes['code.function.name'];
    const known = middleware.get(key) ?? { count: 0, minMs: Number.POSITIVE_INFINITY, maxMs: 0 };
    middleware.set(key, {
      count: known.count + count,
      minMs: Math.min(known.minMs, min * 1000),
      maxMs: Math.max(known.maxMs, max * 1000),
    });
  }
  return { middleware, errorPages };
}

/** All counts together. */
export function sum(counts) {
  return [...counts.values()].reduce((total, count) => total + count, 0);
}

export function add(counts, key, count) {
  counts.set(key, (counts.get(key) ?? 0) + count);
}
