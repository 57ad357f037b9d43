import { describe, expect, it } from 'vitest';
import type { Span } from '../../../../src/browser/dashboard/api/answers.js';
import { flameBoxes, flameTree } from '../../../../src/browser/dashboard/charts/flame-tree.js';

const span = (label: string, duration: number, parent: number | null): Span => ({
  ...{ kind: 'query', label, duration, parent, offset: 0 },
  ...{ depth: parent === null ? 0 : 1, rows: null, isOpen: false },
});

describe('a tree of calls', () => {
  it('adds up what is the same call below the same call', () => {
    const tree = flameTree('GET /a', [
      { duration: 1, spans: [span('q', 0.2, null), span('q', 0.3, null), span('r', 0.1, 0)] },
      { duration: 2, spans: [span('r', 0.4, null)] },
    ]);
    expect(tree).toMatchObject({ total: 3, calls: 2 });
    expect(tree.children.map(({ label, total, calls }) => [label, total, calls])).toEqual([
      ['q', 0.5, 2],
      ['r', 0.4, 1],
    ]);
    expect(tree.children[0]?.children).toMatchObject([{ label: 'r', total: 0.1, calls: 1 }]);
  });

  it('is drawn widest first, and no call is wider than what contains it', () => {
    const spans = [span('a', 0.9, null), span('b', 0.9, null), span('c', 0.001, null)];
    const boxes = flameBoxes(flameTree('GET /a', [{ duration: 1, spans }]));
    const below = boxes.filter(({ depth }) => depth === 1);
    expect(below.map(({ node }) => node.label)).toEqual(['a', 'b']);
    expect(below.reduce((sum, { width }) => sum + width, 0)).toBeLessThanOrEqual(1);
    expect(boxes.filter(({ isHot }) => isHot).map(({ node }) => node.label)).toEqual([
      'GET /a',
      'a',
    ]);
  });
});
