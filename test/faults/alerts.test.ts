/** A few kills of the alerts; `npm run faults:alerts` does hundreds. */
import { expect, it } from 'vitest';
import { makeFolder } from '../support/run-app.js';
import { seeded } from '../support/seeded.js';
import { killAlerts } from './kill-alerts.js';

it('kill -9 at random moments loses no alert and no message, and doubles none', async () => {
  const { path, remove } = makeFolder();
  const campaign = { folder: path, times: 10, random: seeded(3), say: () => {} };
  const { taken, complaints } = await killAlerts(campaign, 2);
  expect(complaints).toEqual([]);
  expect(taken).toBeGreaterThanOrEqual(20);
  remove();
});
