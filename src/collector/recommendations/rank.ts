/** From what rules say to a list that a person can work through: ids, priorities, the costliest first. Pure. */
import { createHash } from 'node:crypto';
import { RULES } from './all-rules.js';
import type { Evidence } from './evidence/evidence.js';
import type { Draft, Measure, Priority, Recommendation } from './recommendation.js';

/** Seconds that people or machines wait in a day. */
export const HIGH_COST = 600;
export const MEDIUM_COST = 60;
/** Less is not worth the reading. */
export const COST_MIN = 1;
const RECOMMENDATIONS_MAX = 200;
/** Of one type: the costliest say what the others would. */
const TYPE_MAX = 8;
const ID_LENGTH = 12;

/** A recommendation and what is measured to see whether it helped. */
export interface Ranked {
  readonly recommendation: Recommendation;
  readonly measure: Measure;
}

const ORDER: Readonly<Record<Priority, number>> = { high: 0, medium: 1, low: 2 };

export function rankedOf(evidence: Evidence): Ranked[] {
  const byId = new Map<string, Ranked>();
  for (const rule of RULES) {
    for (const draft of rule(evidence)) {
      if (!isWorthwhile(draft)) continue;
      const ranked = { recommendation: finished(draft, evidence.service), measure: draft.measure };
      const known = byId.get(ranked.recommendation.id);
      const isCostlier =
        known !== undefined && known.recommendation.costPerDay >= ranked.recommendation.costPerDay;
      if (!isCostlier) byId.set(ranked.recommendation.id, ranked);
    }
  }
  const ofType = new Map<string, number>();
  return [...byId.values()]
    .sort((a, b) => inOrder(a.recommendation, b.recommendation))
    .filter(({ recommendation: { type } }) => {
      const seen = (ofType.get(type) ?? 0) + 1;
      ofType.set(type, seen);
      return seen <= TYPE_MAX;
    })
    .slice(0, RECOMMENDATIONS_MAX);
}

/** Priority first, so that what endangers the service comes before what only costs. */
export function inOrder(a: Recommendation, b: Recommendation): number {
  return ORDER[a.priority] - ORDER[b.priority] || b.costPerDay - a.costPerDay;
}

function isWorthwhile({ costPerDay, risk }: Draft): boolean {
  return risk !== undefined || costPerDay === 0 || costPerDay >= COST_MIN;
}

function finished(draft: Draft, service: string): Recommendation {
  const { type, subject, title, finding, evidence, costPerDay, fix, confidence } = draft;
  return {
    id: idOf(type, service, subject),
    type,
    priority: priorityOf(draft),
    title,
    finding,
    evidence,
    costPerDay,
    fix,
    confidence,
    verification: draft.verification,
    status: 'open',
    saved: null,
    service,
    route: draft.route ?? null,
    query: draft.query ?? null,
    code: draft.code ?? null,
  };
}

/** What it endangers or costs; of what is not sure, at most medium. */
function priorityOf({ risk, costPerDay, confidence }: Draft): Priority {
  const isHigh = risk === 'outage' || costPerDay >= HIGH_COST;
  if (isHigh && confidence !== 'low') return 'high';
  return isHigh || risk === 'degraded' || costPerDay >= MEDIUM_COST ? 'medium' : 'low';
}

function idOf(type: string, service: string, subject: string): string {
  const text = JSON.stringify([type, service, subject]);
  return createHash('sha256').update(text).digest('hex').slice(0, ID_LENGTH);
}
