/** Which processes are scripts: their whole run is an operation. */
import { describe, expect, it } from 'vitest';
import { type Line, PATIENT, runApp } from '../support/run-app.js';

async function commandsOf(what: string): Promise<Partial<Line>[]> {
  const { lines } = await runApp('script.mjs', {
    args: [what, 'sk9argument7f3b2a9c8d1e'],
    env: PATIENT,
  });
  expect(JSON.stringify(lines)).not.toMatch(/4242|sk9argument/);
  return lines
    .filter((line) => line['tachograph.module'] === 'management_commands')
    .map((line) => ({
      name: line['tachograph.operation.name'] as string,
      error: line['error.type'],
      count: line.count!,
    }));
}

describe('a script', () => {
  it.each([
    ['nothing', undefined],
    ['fail', 'exit 3'],
    ['throw', 'exit 1'],
  ])('that does %s is an operation of its own name', async (what, error) => {
    expect(await commandsOf(what)).toEqual([{ name: 'script', error, count: 1 }]);
  });

  it.each(['listen', 'service'])('in which there is a %s is none', async (what) => {
    expect(await commandsOf(what)).toEqual([]);
  });
});
