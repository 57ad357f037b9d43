/**
 * A plan of PostgreSQL (`EXPLAIN (FORMAT JSON)`), read. Pure. Of its
 * conditions nothing is kept.
 */
import type { Join, Plan, Scan } from '../plan.js';

interface Node {
  readonly 'Node Type': string;
  readonly 'Parent Relationship'?: string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Startup Cost': number;
  readonly 'Total Cost': number;
  readonly 'Plan Rows': number;
  readonly Plans?: readonly Node[];
}

interface Waiting {
  readonly node: Node;
  readonly loops: number;
  readonly table: string | undefined;
  readonly join: Join | undefined;
}

const NODES_MAX = 2000;
/** Between a join and what it joins. */
const PASSING = /^(?:Hash|Sort|Incremental Sort|Materialize|Gather|Gather Merge)$/;

/** @param json what EXPLAIN gave, parsed */
export function readPlan(json: unknown): Plan {
  const [top] = json as readonly { readonly Plan: Node }[];
  const scans: Scan[] = [];
  let sortCost = 0;
  const waiting: Waiting[] = [{ node: top!.Plan, loops: 1, table: undefined, join: undefined }];
  for (let seen = 0; waiting.length > 0 && seen < NODES_MAX; seen++) {
    const next = waiting.pop()!;
    const { node, loops } = next;
    const scan = scanOf(next);
    if (scan !== undefined) scans.push(scan);
    const inner = node.Plans ?? [];
    if (/Sort$/.test(node['Node Type'])) {
      sortCost += node['Startup Cost'] - Math.max(0, ...inner.map((plan) => plan['Total Cost']));
    }
    const outerRows = inner.find((plan) => plan['Parent Relationship'] === 'Outer')?.['Plan Rows'];
    const join = joinOf(next);
    const table = node['Relation Name'] ?? next.table;
    for (const plan of inner) {
      const isRepeated =
        node['Node Type'] === 'Nested Loop' && plan['Parent Relationship'] === 'Inner';
      const times = isRepeated ? Math.max(1, outerRows ?? 1) : 1;
      waiting.push({ node: plan, loops: loops * times, table, join });
    }
  }
  return { cost: top!.Plan['Total Cost'], scans, sortCost: Math.max(0, sortCost) };
}

/** The join that what lies below a node is a side of. */
function joinOf({ node, join }: Waiting): Join | undefined {
  const type = node['Node Type'];
  if (PASSING.test(type)) return join;
  if (type !== 'Hash Join' && type !== 'Merge Join') return undefined;
  const read = (node.Plans ?? []).reduce((sum, side) => sum + side['Total Cost'], 0);
  return { cost: Math.max(0, node['Total Cost'] - read) };
}

function scanOf({ node, loops, table: tableAbove, join }: Waiting): Scan | undefined {
  const type = node['Node Type'];
  const index = node['Index Name'];
  const table = node['Relation Name'] ?? tableAbove ?? '';
  const rows = node['Plan Rows'] * loops;
  const rest = { table, index, cost: node['Total Cost'], rows, loops, join };
  if (type === 'Seq Scan') return { kind: 'table_scan', ...rest };
  return index === undefined ? undefined : { kind: 'index_scan', ...rest };
}
