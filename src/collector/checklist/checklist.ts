/** What a checklist is: lists of items, each with a verdict that says why, and what it was drawn from. Pure data. */
import type { Evidence } from '../recommendations/evidence/evidence.js';
import type { Recommendation } from '../recommendations/recommendation.js';

export type ItemState = 'ok' | 'attention' | 'cannot tell';
export type ListName = 'application' | 'modules' | 'database' | 'frontend';

export interface Verdict {
  readonly state: ItemState;
  /** A sentence: what is so, or what is missing to tell and how to come by it. */
  readonly reason: string;
  readonly evidence: readonly string[];
}

export interface ChecklistItem extends Verdict {
  /** Never changes; people and programs refer to it. */
  readonly item: string;
  readonly title: string;
}

export interface Checklist {
  readonly list: ListName;
  readonly title: string;
  readonly items: readonly ChecklistItem[];
}

/** What an item is judged by: the evidence, and what the rules make of it. */
export interface Judged {
  readonly evidence: Evidence;
  readonly recommendations: readonly Recommendation[];
}

/** One item: a row of its list's table. */
export interface ItemRow {
  readonly item: string;
  readonly title: string;
  readonly judge: (judged: Judged) => Verdict;
}

const EVIDENCE_MAX = 5;

export function ok(reason: string, evidence: readonly string[] = []): Verdict {
  return { state: 'ok', reason, evidence: evidence.slice(0, EVIDENCE_MAX) };
}

export function attention(reason: string, evidence: readonly string[] = []): Verdict {
  return { state: 'attention', reason, evidence: evidence.slice(0, EVIDENCE_MAX) };
}

/** @param because what follows the word, and what to do about it */
export function cannotTell(because: string, evidence: readonly string[] = []): Verdict {
  const reason = `Because ${because}`;
  return { state: 'cannot tell', reason, evidence: evidence.slice(0, EVIDENCE_MAX) };
}
