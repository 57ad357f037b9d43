/** The calls of the first of some traces, asked for one by one. */

import type { TraceAnswer, TracePart, TraceRow } from '../../api/answers.js';
import { useAnswer } from '../../api/api-client.js';

/** The part of the request itself, not of others with the same id; of five traces at most. */
export function useTraceParts([a, b, c, d, e]: readonly TraceRow[]): TracePart[] {
  const parts = [usePart(a), usePart(b), usePart(c), usePart(d), usePart(e)];
  return parts.filter((part) => part !== undefined);
}

function usePart(row: TraceRow | undefined): TracePart | undefined {
  const answer = useAnswer<TraceAnswer>(
    row === undefined ? undefined : `/v1/traces/${row.traceId}`,
  );
  return answer.data?.parts.find(({ spanId }) => spanId === row?.spanId);
}
