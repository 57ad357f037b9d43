/**
 * Rule: a template that is compiled at every rendering. A cached one is slow once and then fast; one whose fastest
 * rendering is about as slow as its usual one, and far slower than the other templates', was never found compiled.
 */
import type { Calls, Evidence } from '../evidence/evidence.js';
import { LIBRARY, TEMPLATE_NAME } from '../evidence/gather-layers.js';
import { inADay, items, time } from '../words.js';
import { CALLS_MIN, type Rule } from './rule.js';

/** Its fastest rendering over the usual one of the others. */
export const SLOWER_MIN = 3;
/** Its fastest rendering over its own usual one. */
const STEADY_MIN = 0.4;
const SECONDS_MIN = 0.0003;

export const uncachedTemplate: Rule = (evidence) =>
  suspects(evidence).map(({ template, others }) => {
    const name = template.names[TEMPLATE_NAME] ?? '';
    const library = template.names[LIBRARY] ?? '';
    return {
      type: 'template_cache_off',
      subject: `${library} ${name}`,
      title: `Template compiled at every rendering: ${name}`,
      finding: `No rendering of ${name} took less than ${time(template.min)}; the other templates take ${time(others)}.`,
      evidence: [
        `${items(template.calls, 'rendering')}: least ${time(template.min)}, p50 ${time(template.p50)}, p95 ${time(template.p95)}.`,
        'A compiled template is slow once; this one is slow each time.',
      ],
      costPerDay: inADay(Math.max(0, template.mean - others) * template.calls, evidence.recordedMs),
      fix: fixOf(library),
      confidence: 'medium' as const,
      verification: `p50 of ${name} comes near ${time(others)}.`,
      measure: { kind: 'template', name } as const,
    };
  });

/** Also what the checklist goes by. */
export function suspects({
  layers,
}: Pick<Evidence, 'layers'>): { template: Calls; others: number }[] {
  const known = layers.templates.filter(({ calls }) => calls >= CALLS_MIN);
  return known.flatMap((template) => {
    const rest = known.filter((one) => one !== template).map(({ p50 }) => p50);
    const others = median(rest);
    if (others === undefined) return [];
    const isSlow = template.min >= SECONDS_MIN && template.min >= SLOWER_MIN * others;
    return isSlow && template.min >= STEADY_MIN * template.p50 ? [{ template, others }] : [];
  });
}

function median(values: readonly number[]): number | undefined {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

function fixOf(library: string) {
  const isEjs = library === 'ejs';
  return {
    text: isEjs
      ? 'Let the engine keep what it compiled.'
      : 'Switch the engine’s cache on: compile once, at the start, and render the compiled function.',
    code: isEjs ? 'ejs.renderFile(path, data, { cache: true })' : "app.enable('view cache')",
    language: 'js' as const,
  };
}
