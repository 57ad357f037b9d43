/** Caches in the process: as many hits and misses as they counted themselves. */
import { describe, expect, it } from 'vitest';
import { PATIENT, runApp } from '../../support/run-app.js';
import { NODES } from './served.js';
import { readsOf } from './served-stores.js';

/** Several keys at once, of which keyv makes one hit: 1 of 2, then 1 of 3. */
const MANY = { hit: 2, miss: 3 };
const COUNTED_AS = 2;

describe.each(NODES)('$version', ({ node }) => {
  it.each(['required.cjs', 'imported.mjs'])('%s: as they counted themselves', async (script) => {
    const env = { ...PATIENT, TACHOGRAPH_WINDOW: '1s' };
    const { code, stdout, stderr, lines } = await runApp(`caches/${script}`, {
      node,
      env,
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const counted = JSON.parse(stdout) as Record<string, { hit: number; miss: number }>;
    expect(readsOf(lines, 'node-cache')).toEqual(counted['node-cache']);
    // Where it is read through keyv, too, and counted once.
    expect(readsOf(lines, 'lru-cache')).toEqual({ hit: 2, miss: 2 });
    const { hit, miss } = counted.keyv!;
    const expected = { hit: hit - COUNTED_AS + MANY.hit, miss: miss + MANY.miss };
    expect(readsOf(lines, 'keyv')).toEqual(expected);
  });
});
