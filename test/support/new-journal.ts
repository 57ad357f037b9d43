/** The journal of a process of its own, for readers of single rings. */
import { CONTROL_BYTES } from '../../src/shared/control-layout.js';
import { DrainJournal } from '../../src/workers/drain-journal.js';

export function newJournal(): DrainJournal {
  return new DrainJournal(new SharedArrayBuffer(CONTROL_BYTES));
}
