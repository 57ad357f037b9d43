import { expect, it } from 'vitest';
import { machineLines } from '../../../../src/browser/dashboard/pages/infrastructure/machine-lines.js';

const DIRECTION = 'disk.io.direction';
const group = (host: string, direction: string, rates: readonly number[]) => ({
  attributes: { 'host.name': host, [DIRECTION]: direction },
  total: {},
  points: rates.map((rate, at) => ({ timeMs: at * 1000, rate })),
});

it('what several processes of a machine tell of it counts once, and machines are added up', () => {
  const groups = [
    group('a', 'read', [100, 80]),
    group('a', 'read', [90, 100]),
    group('b', 'read', [5, 5]),
    group('a', 'write', [1]),
  ];
  expect(machineLines(groups, DIRECTION, ({ rate }) => rate)).toEqual([
    {
      label: 'read',
      points: [
        [0, 105],
        [1000, 105],
      ],
    },
    { label: 'write', points: [[0, 1]] },
  ]);
});
