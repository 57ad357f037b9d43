/** States and marks: a sign and a word with the colour, so that colour alone tells nothing. */
import type { ComponentChildren, JSX } from 'preact';
import { TONE_SIGNS, type Tone } from './tone.js';

export interface BadgeProps {
  readonly tone: Tone;
  readonly children: ComponentChildren;
  readonly title?: string;
}

export function Badge({ tone, children, title }: BadgeProps): JSX.Element {
  return (
    <span class={`badge tone-${tone}`} title={title}>
      {TONE_SIGNS[tone] !== '' && (
        <span class="sign" aria-hidden="true">
          {TONE_SIGNS[tone]}
        </span>
      )}
      {children}
    </span>
  );
}

/** A number with its name above it. */
export function Figure({
  name,
  children,
  note,
}: {
  readonly name: string;
  readonly children: ComponentChildren;
  readonly note?: ComponentChildren;
}): JSX.Element {
  return (
    <div class="figure">
      <dt>{name}</dt>
      <dd>{children}</dd>
      {note !== undefined && <dd class="dim small">{note}</dd>}
    </div>
  );
}

/** Of something that got slower, faster or neither, with its sign. */
export function Change({
  ratio,
  isSure,
}: {
  readonly ratio: number | null;
  readonly isSure: boolean;
}): JSX.Element {
  if (ratio === null) return <span class="dim">—</span>;
  const percent = (ratio - 1) * 100;
  const size = Math.abs(percent);
  if (size < 5) return <span class="dim">≈ same</span>;
  const text = ratio >= 2 ? `× ${ratio.toFixed(1)}` : `${size.toFixed(0)} %`;
  const sign = isSure ? (percent > 0 ? '▲' : '▼') : '~';
  return (
    <span class={isSure ? (percent > 0 ? 'text-bad' : 'text-ok') : 'dim'}>
      {sign} {ratio >= 2 ? text : `${percent > 0 ? '+' : '−'}${text}`}
    </span>
  );
}
