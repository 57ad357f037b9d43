/** Fault 15: the file system of the spool turns read-only while the agent runs, and is mended. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it, type TestContext } from 'vitest';
import { makeFolder } from '../support/run-app.js';
import { canMount, IN_NAMESPACE } from './small-disk.js';

const CHILD = new URL('./children/read-only-disk.ts', import.meta.url).pathname;

/** What it says, run where it may mount. */
async function run(
  collector: 'up' | 'down' | 'hung',
  { onTestFinished }: TestContext,
): Promise<unknown> {
  const folder = makeFolder();
  onTestFinished(folder.remove);
  const [command, ...args] = [...IN_NAMESPACE, process.execPath, '--import', 'tsx'];
  const child = spawn(command!, [...args, CHILD, folder.path, collector], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  const text = Buffer.concat(await child.stdout.toArray()).toString();
  expect((await ended)[0]).toBe(0);
  return JSON.parse(text);
}

const asWithout = { complaints: [], dropped: 0, missing: 0 };

describe.runIf(canMount() || process.env.CI).concurrent('a spool that becomes read-only', () => {
  it('costs nothing while the collector takes everything, and is told of once', {
    timeout: 120_000,
  }, async (context) => {
    expect(await run('up', context)).toEqual({ ...asWithout, warnings: ['TACHO_SPOOL_UNUSABLE'] });
  });

  it('costs nothing that fits in memory until the collector is back, and is told of once', {
    timeout: 120_000,
  }, async (context) => {
    const said = (await run('down', context)) as { warnings: string[] };
    expect(said).toMatchObject(asWithout);
    expect(said.warnings.sort()).toEqual(['TACHO_COLLECTOR_UNREACHABLE', 'TACHO_SPOOL_UNUSABLE']);
  });

  it('costs nothing at the end of the process, though a request before it hangs', {
    timeout: 120_000,
  }, async (context) => {
    const said = (await run('hung', context)) as { warnings: string[] };
    expect(said).toMatchObject(asWithout);
    expect(said.warnings).toContain('TACHO_SPOOL_UNUSABLE');
  });
});
