/** Nothing to show: why, and what to do next. */
import type { ComponentChildren, JSX } from 'preact';

export interface EmptyStateProps {
  readonly title: string;
  readonly children?: ComponentChildren;
  /** A line to copy. */
  readonly code?: string;
}

export function EmptyState({ title, children, code }: EmptyStateProps): JSX.Element {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children !== undefined && <p class="dim">{children}</p>}
      {code !== undefined && <pre class="code">{code}</pre>}
    </div>
  );
}

/** No service has sent anything in this time. */
export function NoTraffic(): JSX.Element {
  return (
    <EmptyState
      title="No requests in this time."
      code={`TACHOGRAPH_SERVICE=shop TACHOGRAPH_URL=${location.origin} \\\n  node --import tachograph app.js\ncurl http://localhost:3000/`}
    >
      Start a service under the agent and send it a request; it shows within ten seconds. Or choose
      a longer time or fewer filters above.
    </EmptyState>
  );
}
