/** The judgement of examples/server-times: what was recorded of each statement beside what the server counted. */
import { expect, it } from 'vitest';
import {
  compared,
  recordedTimes,
  serverTimes,
  summed,
} from '../../examples/server-times/compare.js';

const point = (text: string, count: number, sum: number, more: object = {}) => ({
  name: 'db.client.operation.duration',
  'db.system.name': 'postgresql',
  'db.query.text': text,
  count,
  sum,
  ...more,
});

it('adds up what is of one text on either side, and leaves out what failed and what is no query', () => {
  const recorded = recordedTimes([
    point('a', 2, 0.004),
    point('a', 2, 0.008),
    point('a', 1, 9, { 'error.type': '40P01' }),
    point('a', 1, 9, { 'db.system.name': 'redis' }),
    point('b', 1, 9, { name: 'http.server.request.duration' }),
  ]);
  expect([...recorded]).toEqual([['a', { calls: 4, totalMs: 12 }]]);
  const rows = [
    { query: 'A', calls: 1, ms: 2 },
    { query: 'a', calls: 3, ms: 4 },
  ];
  const counted = serverTimes(rows, (sql) => sql.toLowerCase());
  expect([...counted]).toEqual([['a', { calls: 4, totalMs: 6 }]]);
  expect(compared(recorded, counted)).toMatchObject([{ clientMs: 3, serverMs: 1.5, share: 0.5 }]);
});

it('has a row for what only one of both knows, and one for all', () => {
  const recorded = new Map([['a', { calls: 1, totalMs: 4 }]]);
  const counted = new Map([['b', { calls: 3, totalMs: 1 }]]);
  const rows = compared(recorded, counted);
  expect(rows.map(({ text, client, server }) => [text, client.calls, server.calls])).toEqual([
    ['a', 1, 0],
    ['b', 0, 3],
  ]);
  expect(summed(rows)).toMatchObject({ client: { calls: 1 }, server: { calls: 3 }, clientMs: 4 });
});
