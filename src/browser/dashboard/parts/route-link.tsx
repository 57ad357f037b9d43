/** A route with its method, and the way to its page. */
import type { JSX } from 'preact';
import { linkTo } from '../state/url-state.js';

export interface RouteLinkProps {
  readonly method: string;
  readonly route: string;
}

export function RouteLink({ method, route }: RouteLinkProps): JSX.Element {
  return (
    <a class="route" href={linkTo('route', { method, route })}>
      <span class="method">{method || '?'}</span> {route || '(no route)'}
    </a>
  );
}
