import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deliverOperation } from '../../src/cli/deliver-operation.js';
import { resolveOptions } from '../../src/shared/resolve-options.js';
import { makeFolder } from '../support/run-app.js';

let folder: ReturnType<typeof makeFolder>;
beforeEach(() => {
  folder = makeFolder();
});
afterEach(() => folder.remove());

describe('an operation that a command measured', () => {
  it.each([
    ['two hours', 2],
    ['thirty, more than a window may have', 30],
  ])('of %s is told with its duration, in the window in which it ended', async (_what, hours) => {
    const path = join(folder.path, 'out.ndjson');
    const { options } = resolveOptions({
      TACHOGRAPH_URL: `file://${path}`,
      TACHOGRAPH_SPOOL_DIR: join(folder.path, 'spool'),
    });
    const [durationMs, endMs] = [hours * 3_600_000, Date.now()];
    const operation = { name: 'migrate', module: 'migration_execution', errorType: undefined };
    const startedMs = endMs - durationMs;
    await deliverOperation({ ...operation, startedMs, durationMs }, options, () =>
      expect.unreachable(),
    );
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({
      ...{ time: endMs / 1000, duration: 10, count: 1, sum: hours * 3600, max: hours * 3600 },
    });
  });
});
