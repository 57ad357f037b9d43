/** What the live stream tells of a request whose trace was kept. Times in seconds. Pure. */
import type { Batch } from '../../transport/batch.js';
import { readTrace, TRACE_EVENT } from '../../transport/trace-event.js';

export interface LiveRequest {
  readonly timeMs: number;
  readonly service: string;
  /** Empty of what is no request; `route` is the operation or job then. */
  readonly method: string;
  readonly route: string;
  /** Null where there is no response. */
  readonly status: number | null;
  readonly duration: number;
  readonly queries: number;
  readonly reason: string;
  readonly traceId: string;
}

/** Which of them somebody wants. */
export interface LiveFilter {
  readonly service: string | undefined;
  readonly method: string | undefined;
  readonly route: string | undefined;
  readonly minMs: number;
}

export function liveRequests({ events, resource }: Batch): LiveRequest[] {
  const service = resource.find(([name]) => name === 'service.name')?.[1] ?? '';
  return events
    .filter(({ name }) => name === TRACE_EVENT)
    .flatMap(({ timeMs, attributes }) => {
      const trace = readTrace(timeMs, Object.fromEntries(attributes));
      if (trace === undefined) return [];
      const own = trace.attributes;
      return [
        {
          timeMs,
          service,
          method: own['http.request.method'] ?? '',
          route: own['http.route'] ?? unitName(own),
          status: trace.statusCode === 0 ? null : trace.statusCode,
          duration: trace.durationUs / 1e6,
          queries: trace.queries,
          reason: trace.reason,
          traceId: trace.traceId,
        },
      ];
    });
}

export function isWanted(request: LiveRequest, wanted: LiveFilter): boolean {
  const { service, method, route, duration } = request;
  return (
    (wanted.service === undefined || wanted.service === service) &&
    (wanted.method === undefined || wanted.method === method) &&
    (wanted.route === undefined || wanted.route === route) &&
    duration * 1000 >= wanted.minMs
  );
}

/** Of an operation or a job. */
function unitName(attributes: Readonly<Record<string, string>>): string {
  const { 'tachograph.operation.name': operation, 'tachograph.job.name': job } = attributes;
  return operation ?? job ?? attributes['messaging.destination.name'] ?? '';
}
