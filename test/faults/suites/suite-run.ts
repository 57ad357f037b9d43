/**
 * One run of test files under Node's own runner, with the agent or without it. Results are keyed by file, depth,
 * name and how often that came before, for names are not unique. Bounded by RUN_MS_MAX, at which the whole
 * group of processes is ended.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, relative } from 'node:path';
import { cleanEnvironment } from '../../support/run-app.js';

const REPORTER = new URL('./suite-reporter.mjs', import.meta.url).href;
const RUN_MS_MAX = 900_000;
const FILE_MS_MAX = 120_000;

export type Status = 'passed' | 'failed' | 'skipped';

export interface TestResult {
  readonly file: string;
  readonly status: Status;
  /** Why it failed. */
  readonly reason: string;
}

export type Results = ReadonlyMap<string, TestResult>;

export interface SuiteRun {
  /** The binary. */
  readonly node: string;
  readonly flags: readonly string[];
  /** The copy of the package, in which it runs. */
  readonly folder: string;
  readonly files: readonly string[];
  /** What is preloaded: the agent, say. */
  readonly preload: string | undefined;
  readonly env: Readonly<Record<string, string>>;
}

export async function runSuite(terms: SuiteRun): Promise<Results> {
  const { node, flags, folder, files, preload, env } = terms;
  const options = ['--test', `--test-reporter=${REPORTER}`, `--test-timeout=${FILE_MS_MAX}`];
  const environment = cleanEnvironment();
  const child = spawn(node, [...flags, ...options, ...files], {
    cwd: folder,
    env: {
      ...environment,
      // For what the tests start by name.
      PATH: `${dirname(node)}:${environment.PATH}`,
      ...env,
      ...(preload === undefined ? {} : { NODE_OPTIONS: `--import=${preload}` }),
    },
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  });
  const watchdog = setTimeout(() => process.kill(-child.pid!, 'SIGKILL'), RUN_MS_MAX);
  const closed = once(child, 'close');
  const text = Buffer.concat(await child.stdout.toArray()).toString();
  await closed;
  clearTimeout(watchdog);
  return parseResults(text, folder);
}

/** What suite-reporter.mjs printed. A line that is none of its own is left out: tests print too. */
export function parseResults(text: string, folder: string): Results {
  const results = new Map<string, TestResult>();
  for (const line of text.split('\n')) {
    if (!line.startsWith('{"file":')) continue;
    const { file: path, nesting, name, status, reason } = JSON.parse(line);
    const file = relative(folder, path);
    const key = `${file} > ${'> '.repeat(nesting)}${withoutChance(name, folder)}`;
    let count = 1;
    while (results.has(`${key} #${count}`)) count += 1;
    results.set(`${key} #${count}`, { file, status, reason });
  }
  return results;
}

/** Names may hold the folder of the run, or a port that was free. */
function withoutChance(name: string, folder: string): string {
  return name.replaceAll(`${folder}/`, '').replace(/\d{4,}/g, '…');
}
