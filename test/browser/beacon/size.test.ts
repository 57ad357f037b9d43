/** What pages have to load for the beacon. Needs `npm run build` (npm test does it). */
import { readFileSync } from 'node:fs';
import { brotliCompressSync } from 'node:zlib';
import { expect, it } from 'vitest';

const BROTLI_BYTES_MAX = 6500;

const script = readFileSync(new URL('../../../dist/browser/tachograph.js', import.meta.url));

it('the beacon takes at most 6.5 kB, with everything', () => {
  expect(brotliCompressSync(script).length).toBeLessThanOrEqual(BROTLI_BYTES_MAX);
});

it('the beacon knows neither cookies nor storage, nor what a policy forbids', () => {
  const text = script.toString();
  for (const word of [
    'cookie',
    'localStorage',
    'sessionStorage',
    'indexedDB',
    'eval',
    'Function(',
  ]) {
    expect(text).not.toContain(word);
  }
});
