/**
 * The element that a vital is about, as a CSS selector. web-vitals' own attribution tells more, and is
 * larger than all the rest of the beacon; frames and scripts come from long-frames.ts.
 */
import type { MetricType } from 'web-vitals';
import { BEACON_TEXT_LENGTH_MAX } from '../../shared/beacon-view.js';

/** Ancestors that are named, the element included. */
const STEPS_MAX = 5;

export function targetOf(metric: MetricType): string {
  return selectorOf(nodeOf(metric));
}

function nodeOf({ name, entries }: MetricType): Node | null | undefined {
  const last = entries.at(-1);
  switch (name) {
    case 'LCP':
      return (last as LargestContentfulPaint | undefined)?.element;
    case 'INP':
      return (entries as PerformanceEventTiming[]).find(({ target }) => target)?.target;
    case 'CLS': {
      const worst = (entries as LayoutShift[]).reduce(
        (most: LayoutShift | undefined, one) => (most && most.value >= one.value ? most : one),
        undefined,
      );
      return worst?.sources.find(({ node }) => node)?.node;
    }
    default:
      return undefined;
  }
}

/** Names and classes as far as the next id; digits, which are identifiers as often as not, as `*`. */
function selectorOf(node: Node | null | undefined): string {
  const steps: string[] = [];
  for (let at = node; at && steps.length < STEPS_MAX; at = at.parentNode) {
    // A text is named by the element that it stands in.
    if (!(at instanceof Element)) continue;
    const { id, classList, localName } = at;
    steps.unshift(id ? `#${id}` : [localName, ...classList].join('.'));
    if (id) break;
  }
  return steps.join('>').replace(/\d+/g, '*').slice(0, BEACON_TEXT_LENGTH_MAX);
}
