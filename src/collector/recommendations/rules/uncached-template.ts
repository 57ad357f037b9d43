/** Rule: a template that its engine makes from its source again and again, because it may not keep what it made. */
import type { Calls } from '../evidence/evidence.js';
import { LIBRARY, TEMPLATE_NAME } from '../evidence/gather-layers.js';
import { count, inADay, items, time, times } from '../words.js';
import type { Rule } from './rule.js';

/** Each process makes it once; a file that changes is made again. */
const PER_PROCESS_MAX = 10;
/** Of a rendering that begins with making it: at least that is the making. */
const SHARE = 0.5;

export const uncachedTemplate: Rule = ({ compilations, layers, instances, recordedMs }) => {
  const processes = Math.max(1, instances.length);
  return compilations
    .filter(({ made, name }) => name !== '' && made > PER_PROCESS_MAX * processes)
    .map(({ library, name, made }) => {
      const rendered = layers.templates.find(
        ({ names }) => names[LIBRARY] === library && names[TEMPLATE_NAME] === name,
      );
      return {
        type: 'template_cache_off',
        subject: `${library} ${name}`,
        title: `Template made from its source at every rendering: ${name}`,
        finding: `${library} made ${name} from its source ${times(made)}; once in each process is enough.`,
        evidence: evidenceOf(rendered, made),
        costPerDay: rendered === undefined ? 0 : inADay(rendered.total * SHARE, recordedMs),
        fix: fixOf(library),
        confidence: 'high' as const,
        verification: `${name} is made once in each process.`,
        measure: { kind: 'template', name } as const,
      };
    });
};

function evidenceOf(rendered: Calls | undefined, made: number): string[] {
  if (rendered === undefined) return [`It is a part of others: ${count(made)} times made.`];
  const { calls, p50, p95, total } = rendered;
  return [
    `${items(calls, 'rendering')}: p50 ${time(p50)}, p95 ${time(p95)}, ${time(total)} in all.`,
    'To make one is more work than to render it; the cost counts half of the time.',
  ];
}

function fixOf(library: string) {
  return {
    text: 'Let the engine keep what it made.',
    code:
      library === 'ejs'
        ? "ejs.renderFile(path, data, { cache: true })   // of Express: app.enable('view cache')"
        : "pug.renderFile(path, { ...data, cache: true })   // of Express: app.enable('view cache')",
    language: 'js' as const,
  };
}
