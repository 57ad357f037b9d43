/**
 * A plan of MySQL or MariaDB (`EXPLAIN FORMAT=JSON`), whose shape differs between both and their versions: every
 * part of it that names a table and how it is reached counts, in order. Pure. Of its conditions nothing is kept.
 */
import type { Access } from '../modelled-plan.js';

export interface MysqlPlan {
  readonly accesses: readonly Access[];
  readonly isSorted: boolean;
}

/** By `access_type`; all others look up by an index. */
const KINDS: Readonly<Record<string, Access['kind']>> = { ALL: 'table_scan', index: 'whole_index' };
const PARTS_MAX = 2000;

/** @param json what EXPLAIN gave, parsed */
export function readPlan(json: unknown): MysqlPlan {
  const accesses: Access[] = [];
  let isSorted = false;
  const waiting: unknown[] = [json];
  for (let seen = 0; waiting.length > 0 && seen < PARTS_MAX; seen++) {
    const part = waiting.pop();
    if (typeof part !== 'object' || part === null) continue;
    const entries = part as Readonly<Record<string, unknown>>;
    if (entries.using_filesort === true || 'filesort' in entries) isSorted = true;
    const access = accessOf(entries);
    if (access !== undefined) accesses.push(access);
    waiting.push(...Object.values(entries).reverse());
  }
  return { accesses, isSorted };
}

function accessOf({
  table_name: alias,
  access_type: type,
  key,
}: Readonly<Record<string, unknown>>): Access | undefined {
  if (typeof alias !== 'string' || typeof type !== 'string' || alias.startsWith('<')) {
    return undefined;
  }
  const index = typeof key === 'string' ? key : undefined;
  const kind = KINDS[type] ?? 'index_scan';
  return { alias: alias.toLowerCase(), kind, index };
}
