/**
 * A process in which a query is made where nobody of the application is on the stack: says whether its unit is kept.
 * One of its own, because a test's own runner hides where the agent's files lie. Run with --expose-gc.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { compileFunction } from 'node:vm';
import { QueryPlaces } from '../../src/agent/query-places.js';
import { Recorder } from '../../src/agent/recorder.js';
import { RingWriter } from '../../src/agent/ring-writer.js';
import { Suspects } from '../../src/agent/suspects.js';
import { Unit } from '../../src/agent/unit.js';
import { CONTROL_BYTES } from '../../src/shared/control-layout.js';
import { DrainJournal } from '../../src/workers/drain-journal.js';
import { RingReader } from '../../src/workers/ring-reader.js';

const SERIES = 3;
const ring = new RingWriter(64 * 1024, 100, 0);
const journal = new DrainJournal(new SharedArrayBuffer(CONTROL_BYTES));
const reader = new RingReader(
  ring.buffer,
  () => {
    throw new Error('expected nothing to be drained');
  },
  journal,
);
reader.want(SERIES, 1);
const places = new QueryPlaces(new Recorder(ring, 100, () => {}), new Suspects(() => {}));
const names = ['places', 'unit', 'series'];
const filename = '/app/node_modules/driver/index.js';
const query = compileFunction('places.meet(unit, series)', names, { filename });

/** In a turn of its own. */
function lose(): WeakRef<Unit> {
  const unit = new Unit(0);
  setImmediate(query as (...args: unknown[]) => void, places, unit, SERIES);
  return new WeakRef(unit);
}

async function stateOf(unit: WeakRef<Unit>): Promise<'kept' | 'gone'> {
  // What a WeakRef was made of stays until the turn is over.
  await sleep(10);
  globalThis.gc?.();
  return unit.deref() === undefined ? 'gone' : 'kept';
}

const withoutThen = await stateOf(lose());
places.beginThen();
const lost = lose();
const inThen = await stateOf(lost);
places.endThen();
const afterThen = await stateOf(lost);
console.log(JSON.stringify({ withoutThen, inThen, afterThen }));
