/** What a rule is: from the evidence of a service to what it would have changed there. Pure; one file a rule. */
import type { Evidence } from '../evidence/evidence.js';
import type { Draft, Fix, Measure } from '../recommendation.js';

export type Rule = (evidence: Evidence) => readonly Draft[];

/** Fewer calls are not worth a word. */
export const CALLS_MIN = 20;

export function advice(text: string): Fix {
  return { text, code: null, language: null };
}

export function routeMeasure(method: string, route: string): Measure {
  return route === '' ? { kind: 'service' } : { kind: 'route', method, route };
}
