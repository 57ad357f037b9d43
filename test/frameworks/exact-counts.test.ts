/**
 * Every framework, as a process of its own with the recorder preloaded: as many requests as were sent
 * are recorded, each on its route, and each case of the table of examples/frameworks/check.js holds. TACHOGRAPH_TEST_NODES names the runtimes, comma-separated paths.
 */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { casesOf } from '../../examples/frameworks/cases.js';
import { drive } from '../../examples/frameworks/drive.js';
import { EXPECTED } from '../../examples/frameworks/expected.js';
import { areHooksSafe } from '../../src/agent/esm-exports.js';

interface Example {
  readonly loads: readonly string[];
  readonly nodeMajorMax?: number;
  readonly cases: Record<string, string>;
}

const NODES = (process.env.TACHOGRAPH_TEST_NODES ?? process.execPath).split(',');
const TIMES = 3;
const EXAMPLES = Object.entries(EXPECTED as Record<string, Example>);

describe.each(NODES)('%s', (node) => {
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  const major = Number.parseInt(version.slice(1), 10);
  const runs = EXAMPLES.filter(([, { nodeMajorMax = major }]) => major <= nodeMajorMax).flatMap(
    ([name, example]) => example.loads.map((loading) => ({ name, loading, example })),
  );

  it.each(runs)(
    `records each request of $name ($loading) once and on its route, ${version}`,
    async ({ name, loading, example }) => {
      const run = await drive({ name, loading, node, times: TIMES, env: {} });
      const { expected, recorded, stderr } = run;
      expect(Object.fromEntries(recorded)).toEqual(Object.fromEntries(expected));
      const cases = casesOf(example, run, TIMES, areHooksSafe(version.slice(1)));
      expect(cases.filter(({ holds }) => !holds)).toEqual([]);
      expect(stderr).not.toContain('TACHO_');
      expect(stderr).not.toContain('ExperimentalWarning');
    },
  );
});

it('names no template when the routes probe is left out', async () => {
  const env = { TACHOGRAPH_PROBES: 'all,-routes' };
  const { recorded } = await drive({ name: 'express-5', loading: 'esm', times: 1, env });
  expect(recorded.get('GET /users/:int 2xx')).toBe(1);
  expect([...recorded.keys()].filter((key) => key.includes(':id'))).toEqual([]);
});
