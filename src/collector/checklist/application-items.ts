/** The list of the application: one row an item. */
import { LIBRARY, TEMPLATE_NAME } from '../recommendations/evidence/gather-layers.js';
import { GC_SHARE_MAX } from '../recommendations/rules/garbage-collection.js';
import { LONG_SECONDS } from '../recommendations/rules/long-request.js';
import { staticRoutes } from '../recommendations/rules/static-files.js';
import { bytes, count, items, percent, time } from '../recommendations/words.js';
import { attention, cannotTell, type ItemRow, type Judged, ok, type Verdict } from './checklist.js';
import { budgetText, byRules, callsText } from './judges.js';

const NO_QUERIES = 'no query was recorded: none was made, or the driver is not recognised.';
/** Until a leak can be told from a start. */
const MEMORY_MS_MIN = 25 * 60_000;
/** Requests for files, of all, that are worth a server of their own. */
const FILES_SHARE_MAX = 0.2;
/** Bytes of files, of all that is sent. */
const BYTES_SHARE_MAX = 0.5;
const REQUESTS_MIN = 100;
/** Of the files of one type; small ones need not be. */
const COMPRESSED_MIN = 0.5;
const AUDIT = 'tachograph audit URL --json FILE, then tachograph checklist --audit FILE';

export const APPLICATION_ITEMS: readonly ItemRow[] = [
  {
    item: 'query_optimisation',
    title: 'Query optimisation',
    judge: byRules({
      types: [
        'n_plus_one',
        'pagination_loop',
        'duplicate_query',
        'bulk_write',
        'unbounded_read',
        'wide_rows',
        'chatty_route',
        'slow_query',
        'slow_database',
      ],
      missing: ({ queries }) => (queries.length === 0 ? NO_QUERIES : undefined),
      fine: 'No route repeats queries, reads without a limit, or has a query that stands out.',
      figures: ({ queries, requests }) => {
        const calls = queries.reduce((sum, one) => sum + one.calls, 0);
        if (calls === 0) return [];
        return [
          `${count(calls)} queries of ${queries.length} kinds for ${count(requests)} requests.`,
        ];
      },
    }),
  },
  {
    item: 'fragment_caching',
    title: 'Template fragment caching',
    judge: byRules({
      types: ['fragment_cache', 'template_in_loop', 'template_cache_off'],
      missing: ({ layers }) =>
        layers.templates.length === 0 ? 'no template was rendered.' : undefined,
      fine: 'No page is rendered again with the same outcome, and no template is made from its source each time.',
      figures: ({ layers }) => callsText(layers.templates, TEMPLATE_NAME),
    }),
  },
  {
    item: 'session_storage',
    title: 'Session storage',
    judge: byRules({
      types: ['slow_sessions'],
      missing: ({ layers }) =>
        layers.sessions.length === 0 ? 'no session was loaded or saved.' : undefined,
      fine: 'Sessions are loaded and saved within their budget.',
      figures: ({ layers }) => callsText(layers.sessions, 'tachograph.session.operation'),
    }),
  },
  {
    item: 'middleware_review',
    title: 'Middleware review',
    judge: byRules({
      types: ['middleware_overhead'],
      missing: ({ layers }) =>
        layers.middleware.length === 0
          ? 'no middleware was seen: there is none, or the framework is not recognised.'
          : undefined,
      fine: 'The middleware before each route is within its budget.',
      figures: ({ layers }) => callsText(layers.middleware, 'code.function.name'),
    }),
  },
  {
    item: 'memory',
    title: 'Memory',
    judge: byRules({
      types: ['heap_growth', 'gc_share'],
      missing: ({ runtime, recordedMs }) =>
        runtime.heaps.length === 0
          ? 'no heap was recorded.'
          : recordedMs < MEMORY_MS_MIN
            ? `there are only ${time(recordedMs / 1000)} of data: a leak takes ${time(MEMORY_MS_MIN / 1000)} to tell from a start.`
            : undefined,
      fine: 'The heap does not grow, and collecting garbage takes little.',
      figures: ({ runtime, budgets }) => [
        `Garbage collection: ${percent(runtime.gcShare)} of the time of a process (at most ${percent(GC_SHARE_MAX)}).`,
        ...runtime.heaps.flatMap(({ points, limit }) => {
          const last = points.at(-1);
          return last ? [`Heap ${bytes(last.bytes)} of ${bytes(limit)}.`] : [];
        }),
        ...budgets
          .filter(({ name, value }) => name === 'memory_container' && value !== null)
          .map(budgetText),
      ],
    }),
  },
  {
    item: 'static_files',
    title: 'Static files: minification, compression, caching',
    judge: staticFilesVerdict,
  },
  {
    item: 'images',
    title: 'Images and lazy loading',
    judge: ({ evidence: { frontend } }) => {
      const images = frontend?.resources.find(({ type }) => type === 'image');
      if (images === undefined) {
        return cannotTell(`only the pages tell. ${AUDIT}; or let the beacon report from browsers.`);
      }
      const figure = `${items(images.count, 'image')}, ${bytes(images.bytes)} in all.`;
      if (images.oversized === 0) return ok('Browsers saw no image larger than needed.', [figure]);
      return attention(`${items(images.oversized, 'image')} larger than needed.`, [figure]);
    },
  },
  {
    item: 'connection_pooling',
    title: 'Connection pooling',
    judge: byRules({
      types: ['pool_too_small', 'no_pool', 'connection_leak', 'outbound_keep_alive'],
      missing: ({ pools, connects }) =>
        pools.length + connects.length === 0
          ? 'no pool of connections and no opening of one was seen.'
          : undefined,
      fine: 'Connections are kept, and nobody waits for one.',
      figures: ({ pools }) =>
        pools.map(
          ({ pool, usedMax, limit, waits }) =>
            `${pool}: at most ${count(usedMax)} of ${count(limit)} in use${waits === null ? '' : `, p95 of waiting ${time(waits.p95)}`}.`,
        ),
    }),
  },
  {
    item: 'async_tasks',
    title: 'Asynchronous task processing',
    judge: byRules({
      types: ['background_job', 'event_loop_stall', 'blocking_hash'],
      missing: ({ requests }) =>
        requests < REQUESTS_MIN ? `there were fewer than ${REQUESTS_MIN} requests.` : undefined,
      fine: `No request takes ${LONG_SECONDS} s, and none blocks the others.`,
      figures: ({ jobs, routes }) => [
        `${items(jobs.length, 'kind')} of jobs, ${count(jobs.reduce((sum, { calls }) => sum + calls, 0))} runs.`,
        ...[...routes]
          .sort((a, b) => b.p95 - a.p95)
          .slice(0, 1)
          .map(({ method, route, p95 }) => `Slowest route: ${method} ${route}, p95 ${time(p95)}.`),
      ],
    }),
  },
  { item: 'cdn', title: 'Files apart from the application (CDN, proxy)', judge: cdnVerdict },
];

function staticFilesVerdict({ evidence, recommendations }: Judged): Verdict {
  const { frontend, layers } = evidence;
  const texts =
    frontend?.resources.filter(({ type }) => type === 'script' || type === 'stylesheet') ?? [];
  const plain = texts.filter(({ compressedRatio }) => (compressedRatio ?? 1) < COMPRESSED_MIN);
  const figures = [
    ...layers.staticFiles.map(
      ({ names, calls, p95 }) =>
        `${names[LIBRARY] ?? ''}: ${items(calls, 'file')}, p95 ${time(p95)}.`,
    ),
    ...staticRoutes(evidence).map(({ largest }) => `The largest is ${bytes(largest)} on the wire.`),
  ];
  const found = recommendations.filter(({ type }) => type.startsWith('static_'));
  if (found[0] !== undefined) {
    return attention(
      `${found[0].title}.`,
      found.map(({ finding }) => finding),
    );
  }
  if (plain.length > 0) {
    return attention(
      'Browsers get text that is not compressed.',
      plain.map(
        ({ type, compressedRatio }) => `${type}: ${percent(compressedRatio ?? 0)} compressed.`,
      ),
    );
  }
  if (texts.length > 0) return ok('Browsers get small, compressed files.', figures);
  if (layers.staticFiles.length > 0) {
    return cannotTell(
      `their sizes are fine, but whether they are minified only the files tell. ${AUDIT}.`,
      figures,
    );
  }
  return cannotTell(`the application serves no files. ${AUDIT}.`);
}

function cdnVerdict({ evidence }: Judged): Verdict {
  const { layers, requests, responseSizes } = evidence;
  if (requests < REQUESTS_MIN) {
    return cannotTell(`there were fewer than ${REQUESTS_MIN} requests.`);
  }
  const files = layers.staticFiles.reduce((sum, { calls }) => sum + calls, 0);
  const sent = staticRoutes(evidence).reduce((sum, row) => sum + row.bytes, 0);
  const all = responseSizes.reduce((sum, { total }) => sum + total, 0);
  const figure = `${items(files, 'file')} of ${items(requests, 'request')}, ${bytes(sent)} of ${bytes(all)} sent.`;
  const isFew = files <= FILES_SHARE_MAX * requests && sent <= BYTES_SHARE_MAX * all;
  if (isFew) return ok('The application serves few files.', [figure]);
  return attention('A proxy or CDN would serve these files without the application.', [figure]);
}
