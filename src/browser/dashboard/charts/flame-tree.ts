/** Spans of several traces merged into one tree of calls: what takes the time, seen from above. Pure. */
import type { Span } from '../api/answers.js';

export interface FlameNode {
  readonly kind: string;
  readonly label: string;
  /** Of all traces together, in seconds. */
  total: number;
  calls: number;
  readonly children: FlameNode[];
}

/** A box of the graph: shares of the whole width, and how deep it lies. */
export interface FlameBox {
  readonly node: FlameNode;
  readonly left: number;
  readonly width: number;
  readonly depth: number;
  /** On the way down the greatest of each. */
  readonly isHot: boolean;
}

const BOXES_MAX = 300;
/** Thinner ones cannot be seen. */
const WIDTH_MIN = 0.003;

export function flameTree(
  label: string,
  traces: readonly { readonly duration: number; readonly spans: readonly Span[] }[],
): FlameNode {
  const root: FlameNode = { kind: 'request', label, total: 0, calls: 0, children: [] };
  for (const { duration, spans } of traces) {
    root.total += duration;
    root.calls += 1;
    const nodes: FlameNode[] = [];
    for (const span of spans) {
      const parent = span.parent === null ? root : (nodes[span.parent] ?? root);
      const node = childOf(parent, span);
      node.total += span.duration;
      node.calls += 1;
      nodes.push(node);
    }
  }
  return root;
}

export function flameBoxes(root: FlameNode): FlameBox[] {
  const boxes: FlameBox[] = [];
  const place = (
    node: FlameNode,
    left: number,
    width: number,
    depth: number,
    isHot: boolean,
  ): void => {
    if (width < WIDTH_MIN || boxes.length >= BOXES_MAX) return;
    boxes.push({ node, left, width, depth, isHot });
    // Calls at the same time may add up to more than what contains them.
    const sum = node.children.reduce((all, { total }) => all + total, 0);
    const whole = Math.max(node.total, sum);
    let next = left;
    const sorted = [...node.children].sort((a, b) => b.total - a.total);
    sorted.forEach((child, i) => {
      const share = whole > 0 ? (child.total / whole) * width : 0;
      place(child, next, share, depth + 1, isHot && i === 0);
      next += share;
    });
  };
  place(root, 0, 1, 0, true);
  return boxes;
}

function childOf(parent: FlameNode, { kind, label }: Span): FlameNode {
  const known = parent.children.find((one) => one.kind === kind && one.label === label);
  if (known !== undefined) return known;
  const made: FlameNode = { kind, label, total: 0, calls: 0, children: [] };
  parent.children.push(made);
  return made;
}
