/** What may be wider or higher than its place: it scrolls, and keys can scroll it too. */
import type { ComponentChildren, JSX } from 'preact';

export interface ScrollBoxProps {
  readonly label: string;
  readonly isShort?: boolean;
  readonly children: ComponentChildren;
}

export function ScrollBox({ label, isShort, children }: ScrollBoxProps): JSX.Element {
  const name = isShort === true ? 'table-scroll short' : 'table-scroll';
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without it only a mouse could scroll
    <section class={name} tabIndex={0} aria-label={label}>
      {children}
    </section>
  );
}
