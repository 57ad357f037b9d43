import { expect, it } from 'vitest';
import { attentionOf } from '../../../../src/browser/dashboard/pages/now/attention.js';

const stall = {
  ...{ service: 'shop', function: 'render', file: 'src/a.js', line: 4, count: 2, sum: 6, max: 4 },
  ...{ gc: 0, lastSeenMs: 0, ongoing: 0, approximate: 0, stack: null },
};
const breach = {
  ...({
    service: 'shop',
    budget: 'response_time',
    layer: 'api',
    unit: 'ms',
    attributes: {},
  } as const),
  ...{
    limit: 500,
    value: 1500,
    worst: 1500,
    count: 20,
    above: 10,
    windows: 1,
    firstMs: 0,
    lastMs: 0,
  },
};

it('what costs most a day comes first, a day being as the time that was recorded', () => {
  const rows = attentionOf({
    findings: [],
    stalls: [stall],
    breaches: [breach],
    recordedSeconds: 600,
  });
  expect(rows.map(({ what, perDay }) => [what, perDay])).toEqual([
    ['over budget', 10 * 144],
    ['blocks the event loop', 6 * 144],
  ]);
});
