import { expect, it } from 'vitest';
import { savedBytesOf } from '../../src/audit/saved-bytes.js';

it('of a file with several findings the largest saving counts: no more is saved than there is', () => {
  const findings = [
    { where: 'app.js', savedBytes: 50_000 },
    { where: 'app.js', savedBytes: 75_000 },
    { where: 'site.css', savedBytes: 10_000 },
    { where: 'index.html', savedBytes: 0 },
  ];
  expect(savedBytesOf(findings)).toBe(85_000);
  expect(savedBytesOf([])).toBe(0);
});
