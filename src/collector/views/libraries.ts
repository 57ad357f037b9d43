/** Which instrumented libraries applications have, and what they talk to without one. */
import {
  LIBRARY_EVENT,
  type LibraryFields,
  readLibrary,
  readUncovered,
  UNCOVERED_EVENT,
  type UncoveredFields,
} from '../../transport/library-event.js';
import type { StoredEvent } from '../query/events.js';
import type { ViewRequest, ViewSource } from './view-request.js';

interface Seen {
  readonly service: string;
  readonly lastSeenMs: number;
}

export interface Libraries {
  readonly libraries: readonly (LibraryFields & Seen)[];
  readonly uncovered: readonly (UncoveredFields & Seen)[];
}

/** Events that are folded; of a longer list the newest. */
const EVENTS_MAX = 5000;

export async function librariesOf(
  { store }: ViewSource,
  { limit, where: resource = [], ...range }: ViewRequest,
): Promise<Libraries> {
  const [met, bare] = await Promise.all(
    [LIBRARY_EVENT, UNCOVERED_EVENT].map((name) =>
      store.events({ ...range, resource, name, limit: EVENTS_MAX }),
    ),
  );
  return {
    libraries: newestOf(met!, readLibrary).slice(0, limit),
    uncovered: newestOf(bare!, readUncovered).slice(0, limit),
  };
}

/** Each once, however many processes told it. */
function newestOf<Fields>(
  events: readonly StoredEvent[],
  read: (attributes: Readonly<Record<string, string>>) => Fields,
): (Fields & Seen)[] {
  const rows = new Map<string, Fields & Seen>();
  for (const { service, timeMs, attributes } of events) {
    const fields = read(attributes);
    const key = JSON.stringify([service, fields]);
    if (!rows.has(key)) rows.set(key, { service, ...fields, lastSeenMs: timeMs });
  }
  return [...rows.values()];
}
