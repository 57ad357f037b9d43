/** What an adapter is given, over a real ring that nobody drains. A warning fails the test. */
import { createContext } from '../../../src/agent/context.js';
import type { ProbeHost } from '../../../src/agent/probe.js';
import { QueryPlaces } from '../../../src/agent/query-places.js';
import { Recorder } from '../../../src/agent/recorder.js';
import { RingWriter } from '../../../src/agent/ring-writer.js';
import { Suspects } from '../../../src/agent/suspects.js';
import { Work } from '../../../src/agent/work.js';

export function makeHost(): ProbeHost {
  const recorder = new Recorder(new RingWriter(1024 * 1024, 2000, 0), 2000, () => {});
  const context = createContext('on', () => undefined);
  const warn = (code: string, detail: string): never => {
    throw new Error(`${code}: ${detail}`);
  };
  const places = new QueryPlaces(recorder, new Suspects(() => {}));
  const host = { recorder, context, work: new Work(recorder, context), places, warn };
  return host as unknown as ProbeHost;
}
