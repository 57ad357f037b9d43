/** A service for a file of tests, and what an application that asks it did and was recorded of it. */
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll } from 'vitest';
import { startService } from '../../../scripts/services.js';
import { type Line, PATIENT, type Run, type RunOptions, runApp } from '../../support/run-app.js';

/** TACHOGRAPH_TEST_NODES names runtimes, comma-separated paths. */
export const NODES: readonly { node: string; version: string }[] = (
  process.env.TACHOGRAPH_TEST_NODES ?? process.execPath
)
  .split(',')
  .map((node) => ({
    node,
    version: execFileSync(node, ['--version'], { encoding: 'utf8' }).trim(),
  }));

/** Ready within two minutes also where it has to be installed. */
const START_MS_MAX = 300_000;

/** Runs `name` for the tests of the file. */
export function runningService(name: string): { readonly url: string } {
  let stop = async (): Promise<void> => {};
  const service = { url: '' };
  beforeAll(async () => {
    const started = await startService(name);
    service.url = started.url;
    stop = started.stop;
  }, START_MS_MAX);
  afterAll(() => stop());
  return service;
}

export interface Asked {
  readonly asked: number;
  readonly queries: number;
}

export interface Served extends Run {
  readonly expected: Readonly<Record<string, Asked>>;
}

/** Runs test/fixtures/apps/database-requests.mjs with a driver. */
export async function serve(driver: string, url: string, options: RunOptions): Promise<Served> {
  const run = await runApp('database-requests.mjs', {
    timeoutMs: 120_000,
    ...options,
    args: [driver],
    env: { ...PATIENT, DATABASE_URL: url, ...options.env },
  });
  if (run.code !== 0) throw new Error(run.stderr);
  return { ...run, expected: JSON.parse(run.stdout) };
}

const QUERIES = 'tachograph.http.server.queries';

/** By route: how many requests made how many queries, the fewest and the most of one. */
export function queriesByRoute(lines: readonly Line[]): Record<string, unknown> {
  const found: Record<string, { asked: number; sum: number; least: number; most: number }> = {};
  for (const line of lines.filter(({ name }) => name === QUERIES)) {
    const route = String(line['http.route']).slice(1);
    const { asked, sum, least, most } = found[route] ?? {
      asked: 0,
      sum: 0,
      least: Number.POSITIVE_INFINITY,
      most: 0,
    };
    found[route] = {
      asked: asked + Number(line.count),
      sum: sum + Number(line.sum),
      least: Math.min(least, Number(line.min)),
      most: Math.max(most, Number(line.max)),
    };
  }
  return found;
}

/** The same, as it should be: requests without a query are not recorded. */
export function exactly(expected: Served['expected']): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(expected)
      .filter(([, { queries }]) => queries > 0)
      .map(([route, { asked, queries }]) => [
        route,
        { asked, sum: asked * queries, least: queries, most: queries },
      ]),
  );
}

/** Queries and commands recorded, of one attribute's value. */
export function operations(lines: readonly Line[], where: Partial<Line>): number {
  return lines
    .filter(({ name }) => name === 'db.client.operation.duration')
    .filter((line) => Object.entries(where).every(([key, value]) => line[key] === value))
    .reduce((total, { count }) => total + Number(count), 0);
}

export function allQueries(expected: Served['expected']): number {
  return Object.values(expected).reduce((sum, { asked, queries }) => sum + asked * queries, 0);
}
