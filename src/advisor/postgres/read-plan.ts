/**
 * A plan of PostgreSQL (`EXPLAIN (FORMAT JSON)`), read. Pure. Of its
 * conditions nothing is kept.
 */
import type { Plan, Scan } from '../plan.js';

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

const NODES_MAX = 2000;

/** @param json what EXPLAIN gave, parsed */
export function readPlan(json: unknown): Plan {
  const [top] = json as readonly { readonly Plan: Node }[];
  const scans: Scan[] = [];
  let sortCost = 0;
  const waiting: { readonly node: Node; readonly loops: number; readonly table?: string }[] = [
    { node: top!.Plan, loops: 1 },
  ];
  for (let seen = 0; waiting.length > 0 && seen < NODES_MAX; seen++) {
    const { node, loops, table } = waiting.pop()!;
    const scan = scanOf(node, loops, table);
    if (scan !== undefined) scans.push(scan);
    const inner = node.Plans ?? [];
    if (/Sort$/.test(node['Node Type'])) {
      sortCost += node['Startup Cost'] - Math.max(0, ...inner.map((plan) => plan['Total Cost']));
    }
    const outerRows = inner.find((plan) => plan['Parent Relationship'] === 'Outer')?.['Plan Rows'];
    for (const plan of inner) {
      const isRepeated =
        node['Node Type'] === 'Nested Loop' && plan['Parent Relationship'] === 'Inner';
      const ofTable = node['Relation Name'] ?? table;
      waiting.push({
        node: plan,
        loops: isRepeated ? loops * Math.max(1, outerRows ?? 1) : loops,
        ...(ofTable !== undefined && { table: ofTable }),
      });
    }
  }
  return { cost: top!.Plan['Total Cost'], scans, sortCost: Math.max(0, sortCost) };
}

function scanOf(node: Node, loops: number, tableAbove: string | undefined): Scan | undefined {
  const type = node['Node Type'];
  const index = node['Index Name'];
  const table = node['Relation Name'] ?? tableAbove ?? '';
  const rest = { table, index, cost: node['Total Cost'], rows: node['Plan Rows'] * loops, loops };
  if (type === 'Seq Scan') return { kind: 'table_scan', ...rest };
  return index === undefined ? undefined : { kind: 'index_scan', ...rest };
}
