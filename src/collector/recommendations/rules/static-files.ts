/** Rule: files that browsers ask for again although they have them, and files that are large for what they are. */
import type { Evidence } from '../evidence/evidence.js';
import type { Draft } from '../recommendation.js';
import { bytes, inADay, items, percent } from '../words.js';
import { CALLS_MIN, type Rule, routeMeasure } from './rule.js';

/** Answers "not modified" of all. */
export const REVALIDATED_MAX = 0.2;
/** A compressed bundle of scripts is smaller. */
export const LARGE_BYTES = 150_000;

export interface StaticRoute {
  readonly method: string;
  readonly route: string;
  readonly served: number;
  readonly notModified: number;
  readonly bytes: number;
  readonly largest: number;
}

export const staticFiles: Rule = (evidence) =>
  staticRoutes(evidence).flatMap((row) => [
    ...(isAskedAgain(row) ? [askedAgain(row, evidence)] : []),
    ...(row.largest >= LARGE_BYTES ? [large(row)] : []),
  ]);

/** What stands for requests that middleware answered: of Express that is where files are served. */
const MIDDLEWARE = '(middleware)';

/** Routes that files answer: by their traces, or by the star at the end of a path that no handler has. */
export function staticRoutes({ responseSizes, traces, layers }: Evidence): StaticRoute[] {
  if (layers.staticFiles.length === 0) return [];
  const known = new Set(traces.staticRoutes);
  const rows = new Map<string, StaticRoute>();
  for (const { names, calls, total, max } of responseSizes) {
    const [method, route] = [names['http.request.method'] ?? '', names['http.route'] ?? ''];
    const key = `${method} ${route}`;
    const isStatic = known.has(key) || route === MIDDLEWARE || /^\/.*\*$/.test(route);
    if (method !== 'GET' || !isStatic) continue;
    const row = rows.get(key) ?? { method, route, served: 0, notModified: 0, bytes: 0, largest: 0 };
    const status = names['http.response.status_class'];
    if (status === '3xx') rows.set(key, { ...row, notModified: row.notModified + calls });
    if (status === '2xx') {
      const largest = Math.max(row.largest, max);
      rows.set(key, { ...row, served: row.served + calls, bytes: row.bytes + total, largest });
    }
  }
  return [...rows.values()].filter(({ served, notModified }) => served + notModified > 0);
}

function nameOf({ method, route }: StaticRoute): string {
  return route === MIDDLEWARE ? 'files that middleware serves' : `${method} ${route}`;
}

export function isAskedAgain({ served, notModified }: StaticRoute): boolean {
  const all = served + notModified;
  return all >= CALLS_MIN && notModified / all > REVALIDATED_MAX;
}

function askedAgain(row: StaticRoute, { layers, recordedMs }: Evidence): Draft {
  const where = nameOf(row);
  const mean = layers.staticFiles[0]?.mean ?? 0;
  return {
    type: 'static_cache',
    subject: where,
    title: `Files asked for again although the browser has them: ${where}`,
    finding: `${percent(row.notModified / (row.served + row.notModified))} of the answers of ${where} say "not modified": the browser has the file, and asks each time.`,
    evidence: [
      `${items(row.notModified, 'answer')} without a body, ${items(row.served, 'file')} sent.`,
      'Each costs the browser a whole round trip before it may use the file.',
    ],
    costPerDay: inADay(row.notModified * mean, recordedMs),
    fix: {
      text: 'Let browsers keep it, with a name that changes with the content.',
      code: 'Cache-Control: public, max-age=31536000, immutable',
      language: 'http',
    },
    confidence: 'high',
    verification: `Fewer than ${percent(REVALIDATED_MAX)} of the answers of ${where} are "not modified".`,
    route: `${row.method} ${row.route}`,
    measure: routeMeasure(row.method, row.route),
  };
}

function large(row: StaticRoute): Draft {
  const where = nameOf(row);
  return {
    type: 'static_size',
    subject: where,
    title: `Large file: ${where}`,
    finding: `The largest of ${where} is ${bytes(row.largest)} on the wire.`,
    evidence: [
      `${items(row.served, 'file')} sent, ${bytes(row.bytes)} in all.`,
      'Text that is minified and compressed is a third to a tenth of that; "tachograph audit" measures it file by file.',
    ],
    costPerDay: 0,
    fix: {
      text: 'Minify it at build time and send it compressed.',
      code: 'app.use(compression());   // before express.static; or in the proxy: gzip_types application/javascript text/css;',
      language: 'js',
    },
    confidence: 'medium',
    verification: `The largest answer of ${where} is under ${bytes(LARGE_BYTES)}.`,
    route: `${row.method} ${row.route}`,
    measure: routeMeasure(row.method, row.route),
  };
}
