/** One row of the matrix of drivers: a release that has its code in other files than the newest has. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { npmFolder } from '../../bench/npm-folder.js';
import { type Counted, countMariadb } from '../../examples/databases/counted.js';
import { run } from '../../examples/databases/run.js';
import { DRIVERS } from '../../examples/databases/versions.js';
import { startService } from '../../scripts/services.js';

/** The driver is downloaded where it is not there. */
const INSTALL_MS_MAX = 300_000;

let url = '';
let counted: Counted;
let stop = async (): Promise<void> => {};

beforeAll(async () => {
  ({ url, stop } = await startService('mariadb'));
  counted = await countMariadb(url);
}, INSTALL_MS_MAX);

afterAll(async () => {
  await counted?.close();
  await stop();
});

it('every query of the oldest mysql2 is counted once, for its request', {
  timeout: INSTALL_MS_MAX,
}, async () => {
  const { version, packages } = DRIVERS.mysql2!.at(-1)!;
  const place = { kind: 'mariadb', url, counted, database: 'oldest', asksAtOpening: 0 };
  const result = await run({
    ...place,
    node: process.execPath,
    packages: npmFolder(`databases/mysql2-${version}`, packages, () => {}),
    file: 'drivers/mysql2',
    loading: 'cjs',
  });
  expect(result).toMatchObject({ wrong: [], isExact: true });
  expect(result.recorded).toBe(result.sent);
  expect(result.sent).toBeGreaterThan(0);
});
