/**
 * How many findings of one window an agent's bounds cut off, as an event of a batch: written by the worker, read by
 * the collector. Only of windows in which it was any.
 */
import type { BatchEvent } from './batch.js';

export const FINDINGS_OMITTED_EVENT = 'tachograph.findings.omitted';

export interface FindingsOmitted {
  /** That were more than a window tells of. */
  readonly untold: number;
  /** Pairs of a route and a statement that made room for others, before it was told what they had shown. */
  readonly forgotten: number;
}

const UNTOLD = `${FINDINGS_OMITTED_EVENT}.untold`;
const FORGOTTEN = `${FINDINGS_OMITTED_EVENT}.forgotten`;

export function findingsOmittedEvent(
  { untold, forgotten }: FindingsOmitted,
  timeMs: number,
): BatchEvent {
  const attributes = [
    [FORGOTTEN, String(forgotten)],
    [UNTOLD, String(untold)],
  ] as const;
  return { timeMs: Math.round(timeMs), name: FINDINGS_OMITTED_EVENT, attributes };
}

/** What is no count is none: events come from anybody who may send. */
export function readFindingsOmitted(all: Readonly<Record<string, string>>): FindingsOmitted {
  return { untold: countOf(all[UNTOLD]), forgotten: countOf(all[FORGOTTEN]) };
}

function countOf(text: string | undefined): number {
  const count = Number(text ?? 0);
  return Number.isSafeInteger(count) && count > 0 ? count : 0;
}
