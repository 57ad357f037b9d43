/**
 * Where the time of several traces went, from above: each box as wide as its time, the hot path marked.
 * Boxes are buttons, so that keys reach them; what one is about stands below.
 */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { formatPercent, formatSeconds, plural } from '../parts/format-value.js';
import { type FlameBox, type FlameNode, flameBoxes } from './flame-tree.js';

const ROW_PX = 22;

export function FlameGraph({ root }: { readonly root: FlameNode }): JSX.Element {
  const chosen = useSignal<FlameBox | undefined>(undefined);
  const boxes = flameBoxes(root);
  const depth = Math.max(...boxes.map((box) => box.depth)) + 1;
  return (
    <figure class="chart">
      <fieldset
        class="flame"
        aria-label="Flame graph of the kept traces"
        style={{ height: `${depth * ROW_PX}px` }}
      >
        {boxes.map((box, at) => (
          <button
            type="button"
            // biome-ignore lint/suspicious/noArrayIndexKey: boxes have no other identity
            key={at}
            class={`flame-box bar-${box.node.kind} ${box.isHot ? 'hot' : ''}`}
            style={{
              left: `${box.left * 100}%`,
              width: `${box.width * 100}%`,
              top: `${box.depth * ROW_PX}px`,
            }}
            title={textOf(box, root)}
            aria-label={textOf(box, root)}
            onFocus={() => {
              chosen.value = box;
            }}
            onPointerEnter={() => {
              chosen.value = box;
            }}
          >
            {box.node.label}
          </button>
        ))}
      </fieldset>
      <p class="small dim" aria-live="polite">
        {chosen.value === undefined
          ? 'Widest first; the outlined boxes are the hot path.'
          : textOf(chosen.value, root)}
      </p>
    </figure>
  );
}

function textOf({ node }: FlameBox, root: FlameNode): string {
  const share = root.total > 0 ? node.total / root.total : 0;
  return (
    `${node.kind} ${node.label}: ${formatSeconds(node.total)} in ${plural(node.calls, 'call')}, ` +
    `${formatPercent(share)} of the time of these traces`
  );
}
