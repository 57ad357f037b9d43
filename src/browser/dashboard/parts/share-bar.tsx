/** A bar beside a number: its part of the greatest, or of the whole. For the eye only; the number is the text. */
import type { JSX } from 'preact';

export function ShareBar({
  share,
  tone = 'accent',
}: {
  readonly share: number;
  readonly tone?: string;
}): JSX.Element {
  const percent = Math.max(0, Math.min(1, share)) * 100;
  return (
    <span class="share" aria-hidden="true">
      <span class={`share-fill fill-${tone}`} style={{ width: `${percent}%` }} />
    </span>
  );
}
