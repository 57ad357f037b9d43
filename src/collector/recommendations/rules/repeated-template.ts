/**
 * Rule: pages whose templates are rendered again although what comes out is the same. What is known of the output is
 * its size: where the answers of a route hardly differ in size, they hardly differ.
 */

import type { RouteRow } from '../../views/routes.js';
import { type Calls, type Evidence, routeName } from '../evidence/evidence.js';
import { TEMPLATE_NAME } from '../evidence/gather-layers.js';
import type { Draft } from '../recommendation.js';
import { bytes, inADay, items, percent, time, times } from '../words.js';
import { type Rule, routeMeasure } from './rule.js';

const REQUESTS_MIN = 50;
/** Largest over smallest answer, of those answered 2xx. */
const SPREAD_MAX = 1.02;
/** A part that is rendered so often in one page is a loop. */
const REPEATS_MIN = 10;

export const repeatedTemplate: Rule = (evidence) => [
  ...evidence.routes.flatMap((row) => samePage(evidence, row)),
  ...manyRenders(evidence),
];

function samePage({ responseSizes, traces, recordedMs }: Evidence, row: RouteRow): Draft[] {
  const rendering = row.layers.find(({ layer }) => layer === 'template');
  const where = `${row.method} ${row.route}`;
  const sizes = responseSizes.find(
    ({ names }) => routeName(names) === where && names['http.response.status_class'] === '2xx',
  );
  if (rendering === undefined || sizes === undefined || !isOnePage(row)) return [];
  if (sizes.calls < REQUESTS_MIN || !hardlyDiffers(sizes)) return [];
  const names = [...(traces.templatesByRoute.get(where) ?? [])].slice(0, 3).join(', ');
  return [
    {
      type: 'fragment_cache',
      subject: where,
      title: `The same page rendered again and again: ${where}`,
      finding: `${items(rendering.requests, 'request')} of ${where} rendered ${names || 'a template'}, and all answers were about ${bytes(sizes.max)} long.`,
      evidence: [
        `Rendering took ${time(rendering.total)} in all, ${percent(rendering.share)} of the route’s time; p95 of one ${time(rendering.p95)}.`,
        'Answers of one size are a sign, and no proof, of one content.',
      ],
      costPerDay: inADay(rendering.total, recordedMs),
      fix: {
        text: 'Keep the rendered fragment for a short while, by what it depends on; or let browsers and proxies keep the page.',
        code: 'const html = cache.get(key) ?? render();   // key: what the fragment depends on\ncache.set(key, html, { ttl: 60_000 });',
        language: 'js',
      },
      confidence: 'medium',
      verification: `The share of templates in ${where} falls.`,
      route: where,
      measure: routeMeasure(row.method, row.route),
    },
  ];
}

/** Behind a parameter lie many pages, which may be of one size. */
function isOnePage({ method, route }: RouteRow): boolean {
  return method === 'GET' && !/[:*{[]/.test(route);
}

function hardlyDiffers({ min, max }: Calls): boolean {
  return min > 0 && max / min <= SPREAD_MAX;
}

function manyRenders({ traces, layers, recordedMs }: Evidence): Draft[] {
  return traces.repeated
    .filter(({ kind, mean }) => kind === 'template' && mean >= REPEATS_MIN)
    .map((one) => {
      const where = `${one.method} ${one.route}`;
      const rows = layers.templates.find(({ names }) => names[TEMPLATE_NAME] === one.call);
      return {
        type: 'template_in_loop',
        subject: `${where} ${one.call}`,
        title: `${one.call} rendered in a loop: ${where}`,
        finding: `A request of ${where} renders ${one.call} ${times(Math.round(one.mean))}.`,
        evidence: [`One rendering takes ${time(one.meanTime)}. Seen in trace ${one.traceId}.`],
        costPerDay: rows === undefined ? 0 : inADay(rows.total, recordedMs) / 2,
        fix: {
          text: 'Put the loop into the template, or keep the fragments by what they depend on.',
          code: null,
          language: null,
        },
        confidence: 'medium' as const,
        verification: `A trace of ${where} shows ${one.call} once.`,
        route: where,
        measure: { kind: 'template', name: one.call } as const,
      };
    });
}
