/**
 * Runs a program of test/fixtures/apps/layers with and without the agent: what it prints must be the
 * same, and what was recorded is returned as counts by the values of some attributes.
 */
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { areHooksSafe } from '../../src/agent/esm-exports.js';
import { type Line, runApp } from '../support/run-app.js';

const ENVIRONMENT = {
  TACHOGRAPH_WINDOW: '1s',
  TACHOGRAPH_SAMPLER: 'off',
  TACHOGRAPH_EXIT_TIMEOUT: '10s',
};

/** On other runtimes the exports of ES modules cannot be replaced (docs/guides/layers.md). */
export const CAN_REBIND: boolean = areHooksSafe(process.versions.node);

export async function runLayers(script: string, args: readonly string[] = []): Promise<Line[]> {
  const options = { args, env: ENVIRONMENT };
  const bare = await runApp(`layers/${script}`, { ...options, isBare: true });
  const run = await runApp(`layers/${script}`, options);
  expect(run.stderr).not.toContain('TACHO_');
  expect(run.stderr).not.toContain('ExperimentalWarning');
  expect([run.code, run.stdout]).toEqual([0, bare.stdout]);
  expect(JSON.stringify(run.lines)).not.toContain('planted-secret');
  return [...run.lines];
}

/** Counts of a metric by the values of `attributes`, joined by a space; those that are absent left out. */
export function countsBy(
  lines: readonly Line[],
  name: string,
  attributes: readonly string[],
): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const line of lines) {
    if (line.name !== name) continue;
    const key = attributes
      .map((attribute) => line[attribute])
      .filter((value) => value !== undefined)
      .join(' ');
    counts[key] = (counts[key] ?? 0) + Number(line.count ?? line.value);
  }
  return counts;
}

export const guide: string = readFileSync(
  new URL('../../docs/guides/layers.md', import.meta.url),
  'utf8',
);
