/** Questions to a blocked main thread. Real processes; needs `npm run build`: workers run from dist/. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { cleanEnvironment } from '../support/run-app.js';

const APP = fileURLToPath(new URL('../fixtures/threads/looked-into.mjs', import.meta.url));
const OPTIONS = { env: cleanEnvironment(), timeout: 100_000, killSignal: 'SIGKILL' } as const;

interface Outcome {
  /** Scripts that ran out of time, and that ended by themselves. */
  readonly ended: number;
  readonly whole: number;
  /** Questions that were answered, and that were not asked. */
  readonly answered: number;
  readonly refused: number;
}

describe('a question to a blocked main thread', () => {
  it('neither takes up the end of a script whose time is up, nor ends one that comes after it', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [APP], OPTIONS);
    const { ended, whole, answered, refused } = JSON.parse(stdout) as Outcome;
    // Of each three two have no other end; the third may come either way.
    expect(ended).toBeGreaterThanOrEqual(300);
    expect(ended + whole).toBe(450);
    expect(answered).toBeGreaterThan(0);
    expect(refused).toBeGreaterThan(0);
  }, 120_000);
});
