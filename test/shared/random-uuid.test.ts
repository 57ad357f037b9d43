import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { randomUuid } from '../../src/shared/random-uuid.js';

const VERSION_4 = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

it.each(['/proc/sys/kernel/random/uuid', '/no/such/file'])(
  'is another each time, from %s',
  (path) => {
    const uuids = Array.from({ length: 100 }, () => randomUuid(path));
    expect(new Set(uuids).size).toBe(100);
    for (const uuid of uuids) expect(uuid).toMatch(VERSION_4);
  },
);

it('does not believe a file that holds something else', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tachograph-uuid-'));
  const path = join(folder, 'uuid');
  writeFileSync(path, '00000000\n');
  expect(randomUuid(path)).toMatch(VERSION_4);
  rmSync(folder, { recursive: true });
});
