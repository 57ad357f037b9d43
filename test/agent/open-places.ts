/** What looks where queries are made, over a real ring, with what its worker asks by. */
import { expect } from 'vitest';
import { QueryPlaces } from '../../src/agent/query-places.js';
import { Recorder } from '../../src/agent/recorder.js';
import { RingWriter } from '../../src/agent/ring-writer.js';
import { Suspects } from '../../src/agent/suspects.js';
import { CONTROL_BYTES } from '../../src/shared/control-layout.js';
import type { Suspect } from '../../src/shared/worker-protocol.js';
import { DrainJournal } from '../../src/workers/drain-journal.js';
import { RingReader } from '../../src/workers/ring-reader.js';

export interface OpenPlaces {
  readonly reader: RingReader;
  readonly places: QueryPlaces;
  readonly told: readonly Suspect[];
}

export function openPlaces(): OpenPlaces {
  const ring = new RingWriter(64 * 1024, 100, 0);
  const journal = new DrainJournal(new SharedArrayBuffer(CONTROL_BYTES));
  const reader = new RingReader(ring.buffer, () => expect.unreachable(), journal);
  const told: Suspect[] = [];
  const recorder = new Recorder(ring, 100, () => {});
  const places = new QueryPlaces(recorder, new Suspects((suspect) => told.push(suspect)));
  return { reader, places, told };
}
