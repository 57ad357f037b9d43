/** Rule: what real browsers find slow: vitals, scripts that block the page, files that are too large. */
import type { Frontend } from '../../views/frontend.js';
import type { Draft } from '../recommendation.js';
import { bytes, items, time } from '../words.js';
import { advice, CALLS_MIN, type Rule } from './rule.js';

const ADVICE: Readonly<Record<string, string>> = {
  lcp: 'Send the largest image or text first: preload it, serve it compressed, render it on the server.',
  inp: 'Do less in handlers of input: update the page first, compute later (scheduler.yield).',
  cls: 'Give images and frames their width and height, and leave room for what comes late.',
  fcp: 'Put styles that the first screen needs into the page, and load scripts with defer.',
  ttfb: 'The server is the slow part: see its routes.',
};
const SCRIPT_SECONDS_MIN = 0.05;

export const browser: Rule = ({ frontend }) =>
  frontend === null ? [] : [...vitals(frontend), ...scripts(frontend), ...files(frontend)];

function vitals({ vitals: rows }: Frontend): Draft[] {
  return rows
    .filter(({ rating, samples }) => rating !== 'good' && rating !== null && samples >= CALLS_MIN)
    .map((row) => {
      const shown = (value: number): string => (row.unit === 's' ? time(value) : value.toFixed(2));
      return {
        type: 'web_vital',
        subject: row.name,
        title: `Slow in browsers: ${row.name}`,
        finding: `p75 of ${row.name} is ${shown(row.p75 ?? 0)}; good is under ${shown(row.limit)}.`,
        evidence: [`${items(row.samples, 'page view')} told by browsers.`],
        costPerDay: 0,
        ...(row.rating === 'poor' ? { risk: 'degraded' as const } : {}),
        fix: advice(ADVICE[row.name.toLowerCase()] ?? 'See the pages of the frontend view.'),
        confidence: 'high' as const,
        verification: `p75 of ${row.name} is rated good.`,
        measure: { kind: 'service' } as const,
      };
    });
}

function scripts({ scripts: rows }: Frontend): Draft[] {
  return rows
    .filter(({ count, p95 }) => count >= CALLS_MIN && (p95 ?? 0) > SCRIPT_SECONDS_MIN)
    .map((row) => ({
      type: 'browser_script',
      subject: `${row.url} ${row.function}`,
      title: `Script blocks the page: ${row.function || row.url}`,
      finding: `p95 of ${row.function || 'a script'} of ${row.url} is ${time(row.p95 ?? 0)}.`,
      evidence: [`${items(row.count, 'time')} seen, ${time(row.total)} in all.`],
      costPerDay: 0,
      fix: advice('Cut it in pieces, do it later, or in a web worker.'),
      confidence: 'medium' as const,
      verification: `p95 is under ${time(SCRIPT_SECONDS_MIN)}.`,
      measure: { kind: 'service' } as const,
    }));
}

function files({ resources }: Frontend): Draft[] {
  return resources
    .filter(({ oversized }) => oversized > 0)
    .map((row) => ({
      type: 'browser_oversized',
      subject: row.type,
      title: 'Images larger than they are shown',
      finding: `${items(row.oversized, 'image')} of ${items(row.count, 'image')} had more than twice the pixels that their place has.`,
      evidence: [`${bytes(row.bytes)} of images in all.`],
      costPerDay: 0,
      fix: advice('"tachograph audit URL" names each, with the bytes that would be saved.'),
      confidence: 'medium' as const,
      verification: 'Browsers see none.',
      measure: { kind: 'service' } as const,
    }));
}
