/** Looks again and again at a real database until what is waited for is to be seen. */
import { expect, vi } from 'vitest';
import type { LockSample, LockSession } from '../../../src/advisor/locks/lock-wait.js';

export const PATIENCE = { timeout: 30_000, interval: 100 };

/** The first look that shows one wait. */
export function untilOneWaits(session: LockSession): Promise<LockSample> {
  return vi.waitFor(async () => {
    const seen = await session.look();
    expect(seen.waits).toHaveLength(1);
    return seen;
  }, PATIENCE);
}
