/** From the words of a suspect to what ran in it. */
import { expect, it } from 'vitest';
import { valuesWord } from '../../../src/shared/query-values.js';
import { SPAN_OPEN_US } from '../../../src/shared/worker-protocol.js';
import type { Series } from '../../../src/transport/batch.js';
import { readSuspect } from '../../../src/workers/findings/query-run.js';
import { StatementShapes } from '../../../src/workers/findings/statement-shapes.js';

const WORD = valuesWord(1 << 8, 1);
const TEXTS = ['SELECT a FROM t', '(other)'];

const seriesOf = (_threadId: number, id: number): Series => ({
  ...{ name: 'db.client.operation.duration', kind: 'histogram', unit: 's', scale: 1e6 },
  attributes: [
    ['db.system.name', 'postgresql'],
    ['db.query.text', TEXTS[id] ?? ''],
    ['db.operation.name', 'UPDATE'],
    ['tachograph.db.query.class', 'write'],
  ],
});

it('statements past the limit are known to have run, and by class, but not by name', () => {
  const spans = Int32Array.of(
    ...[0, 500, 10, 1, WORD],
    ...[1, 100, 300, 1, WORD],
    ...[1, 900, SPAN_OPEN_US, 1, WORD],
  );
  const suspect = {
    ...{ series: undefined, timeMs: 0, durationUs: 1000, queries: 3, weight: 1 },
    ...{ traceId: undefined, places: [], spans },
  };
  const unit = readSuspect(
    { type: 'suspect', threadId: 0, suspect },
    seriesOf,
    new StatementShapes(),
  );
  expect(unit!.runs).toMatchObject([{ text: 'SELECT a FROM t', startUs: 500 }]);
  expect(unit!.all).toEqual([
    {
      text: undefined,
      table: undefined,
      queryClass: 'write',
      errorType: undefined,
      startUs: 100,
      endUs: 400,
    },
    unit!.runs[0],
  ]);
});
