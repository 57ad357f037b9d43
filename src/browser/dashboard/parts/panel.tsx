/** A titled part of a page, what stands beside its title, and what it is in the state of its answer. */
import type { ComponentChildren, JSX } from 'preact';
import type { Answer } from '../api/answer-state.js';
import { EmptyState } from './empty-state.js';

export interface PanelProps {
  readonly title: string;
  /** A few words on what is shown. */
  readonly note?: ComponentChildren;
  readonly actions?: ComponentChildren;
  readonly children: ComponentChildren;
  readonly class?: string;
}

export function Panel({ title, note, actions, children, ...rest }: PanelProps): JSX.Element {
  return (
    <section class={`panel ${rest.class ?? ''}`} aria-label={title}>
      <header class="panel-head">
        <h2>{title}</h2>
        {note !== undefined && <p class="dim">{note}</p>}
        <div class="panel-actions">{actions}</div>
      </header>
      {children}
    </section>
  );
}

export interface AnsweredProps<Data> {
  readonly answer: Answer<Data>;
  /** What the collector would show here. */
  readonly what: string;
  readonly children: (data: Data) => ComponentChildren;
}

/** What an answer gives; or that it is awaited, not there, or failed. */
export function Answered<Data>({ answer, what, children }: AnsweredProps<Data>): JSX.Element {
  switch (answer.state) {
    case 'loading':
      return (
        <p class="loading" role="status">
          Loading {what} …
        </p>
      );
    case 'missing':
      return (
        <EmptyState title={`This collector does not have ${what}.`}>
          It comes with a later version, or is switched off.
        </EmptyState>
      );
    case 'failed':
      return (
        <>
          <p class="failure" role="alert">
            {answer.message} It is asked again.
          </p>
          {answer.data !== undefined && children(answer.data)}
        </>
      );
    case 'ok':
      return <>{children(answer.data)}</>;
  }
}
