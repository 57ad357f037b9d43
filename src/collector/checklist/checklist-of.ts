/** The checklist of a range: every item of every list, of one service or of all together. */

import { type EvidenceSource, evidenceOf } from '../recommendations/evidence/shared-evidence.js';
import { rankedOf } from '../recommendations/rank.js';
import { servicesOf } from '../recommendations/recommendations-of.js';
import type { ViewRequest } from '../views/view-request.js';
import { APPLICATION_ITEMS } from './application-items.js';
import type {
  Checklist,
  ChecklistItem,
  ItemRow,
  ItemState,
  Judged,
  ListName,
  Verdict,
} from './checklist.js';
import { DATABASE_ITEMS } from './database-items.js';
import { FRONTEND_ITEMS } from './frontend-items.js';
import { MODULE_ITEMS } from './module-items.js';

interface ListRow {
  readonly list: ListName;
  readonly title: string;
  readonly rows: readonly ItemRow[];
}

export const LISTS: readonly ListRow[] = [
  { list: 'application', title: 'Application', rows: APPLICATION_ITEMS },
  { list: 'modules', title: 'Business modules', rows: MODULE_ITEMS },
  { list: 'database', title: 'Database', rows: DATABASE_ITEMS },
  { list: 'frontend', title: 'Frontend', rows: FRONTEND_ITEMS },
];

/** The worse of two services wins, and what is known over what is not. */
const WEIGHT: Readonly<Record<ItemState, number>> = { attention: 2, ok: 1, 'cannot tell': 0 };

/** Undefined when nothing was recorded in the range. */
export async function checklistOf(
  source: EvidenceSource,
  request: ViewRequest,
): Promise<readonly Checklist[] | undefined> {
  const judged: Judged[] = [];
  for (const service of await servicesOf(source, request)) {
    const evidence = await evidenceOf(source, service, request);
    if (evidence === undefined) continue;
    const recommendations = rankedOf(evidence).map(({ recommendation }) => recommendation);
    judged.push({ evidence, recommendations });
  }
  return judged.length === 0 ? undefined : listsOf(judged);
}

/** Pure. */
export function listsOf(judged: readonly Judged[]): Checklist[] {
  return LISTS.map(({ list, title, rows }) => ({
    list,
    title,
    items: rows.map((row) => itemOf(row, judged)),
  }));
}

function itemOf({ item, title, judge }: ItemRow, judged: readonly Judged[]): ChecklistItem {
  const verdicts = judged.map((one) => ({ service: one.evidence.service, ...judge(one) }));
  const worst = verdicts.reduce((most, one) =>
    WEIGHT[one.state] > WEIGHT[most.state] ? one : most,
  );
  const { service, state, reason, evidence }: Verdict & { service: string } = worst;
  const isNamed = judged.length > 1 && state !== 'cannot tell';
  return { item, title, state, reason: isNamed ? `${service}: ${reason}` : reason, evidence };
}
