/** Rule: making the text of an answer takes long, which is work of the main thread. */
import { inADay, items, percent, time } from '../words.js';
import { CALLS_MIN, type Rule, routeMeasure } from './rule.js';

const LIMIT_DEFAULT_MS = 20;
const SHARE_MIN = 0.25;
const SECONDS_MIN = 0.002;

export const serialization: Rule = ({ routes, budgets, responseSizes, recordedMs }) => {
  const limit =
    (budgets.find(({ name }) => name === 'serialization_time')?.limit ?? LIMIT_DEFAULT_MS) / 1000;
  return routes.flatMap((row) => {
    const layer = row.layers.find((one) => one.layer === 'serialization');
    if (layer === undefined || layer.requests < CALLS_MIN) return [];
    const isHeavy = layer.p95 > limit || (layer.share >= SHARE_MIN && layer.p95 >= SECONDS_MIN);
    if (!isHeavy) return [];
    const where = `${row.method} ${row.route}`;
    const sizes = responseSizes.find(
      ({ names }) =>
        names['http.route'] === row.route && names['http.request.method'] === row.method,
    );
    return [
      {
        type: 'heavy_serialization',
        subject: where,
        title: `Large answers turned into text: ${where}`,
        finding: `p95 of serializing an answer of ${where} is ${time(layer.p95)}, on the main thread.`,
        evidence: [
          `${items(layer.requests, 'answer')}, ${time(layer.total)} in all: ${percent(layer.share)} of the route’s time.`,
          ...(sizes === undefined
            ? []
            : [`p95 of the size is ${Math.round(sizes.p95 / 1024)} KiB.`]),
        ],
        costPerDay: inADay(layer.total, recordedMs) / 2,
        fix: {
          text: 'Send less: page it, and leave out fields that nobody reads. Or serialize by a schema.',
          code: "const stringify = fastJson({ type: 'object', properties: { … } });   // fast-json-stringify",
          language: 'js' as const,
        },
        confidence: 'medium' as const,
        verification: `p95 of the serialization of ${where} is under ${time(limit)}.`,
        route: where,
        measure: routeMeasure(row.method, row.route),
      },
    ];
  });
};
