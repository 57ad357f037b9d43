/** What the server says of itself by Server-Timing: the trace of the request, and its route. Pure. */
import type { ServerWord } from './page-view.js';

export function serverWordOf(entry: PerformanceResourceTiming | undefined): ServerWord {
  let trace = '';
  let route = '';
  for (const { name, description } of entry?.serverTiming ?? []) {
    if (name === 'traceparent') trace = /^00-([\da-f]{32})-/.exec(description)?.[1] ?? '';
    if (name === 'route') route = description;
  }
  return { trace, route };
}
