/**
 * Runs a real application under the built agent, with a file as its collector, and says what became
 * of it and what was recorded. Needs `npm run build` (npm test does it).
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const REGISTER: string = pathToFileURL(join(ROOT, 'dist/register.js')).href;
export const FIXTURES: string = join(ROOT, 'test/fixtures/apps');

/** The line of the application that holds `text`, from 1. */
export function lineOf(script: string, text: string): number {
  const lines = readFileSync(join(FIXTURES, script), 'utf8').split('\n');
  return lines.findIndex((line) => line.includes(text)) + 1;
}

/** For who reads what was recorded: the end waits for the last batch however busy the machine is. */
export const PATIENT: Readonly<Record<string, string>> = { TACHOGRAPH_EXIT_TIMEOUT: '10s' };

/** One line of the NDJSON destination: a point, or with `ledger` the account of a batch. */
export interface Line {
  readonly name?: string;
  readonly count?: number;
  readonly sum?: number;
  readonly sequence?: number;
  readonly boot?: string;
  readonly records?: number;
  readonly [attribute: string]: unknown;
}

export interface RunOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Called with the child once it has printed a line that contains `READY`. */
  readonly onReady?: (child: ReturnType<typeof spawn>) => void;
  /** Without the agent, for comparison. */
  readonly isBare?: boolean;
  /** When it is killed, for one that takes longer than most. */
  readonly timeoutMs?: number;
  /** Kept for several runs in one folder; else a new one. */
  readonly folder?: string;
  /** Of Node.js, before the agent's preload: one that is to see the agent start has to be there first. */
  readonly flags?: readonly string[];
  /** Another Node.js than this one. */
  readonly node?: string;
  /** What starts Node.js, with its arguments: `unshare`, say. */
  readonly launcher?: readonly string[];
}

export interface Run {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly lines: readonly Line[];
}

export function makeFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'tachograph-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** The environment without anything that would reach the agent by accident. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const foreign =
    /^(?:TACHOGRAPH_(?!TEST_)|OTEL_|DD_|NODE_(?:OPTIONS|ENV|EXTRA_CA_CERTS)$|VITEST)|_proxy$/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}

export async function runApp(script: string, options: RunOptions = {}): Promise<Run> {
  const own = options.folder === undefined ? makeFolder() : undefined;
  const folder = options.folder ?? own!.path;
  const out = join(folder, 'out.ndjson');
  const preload = options.isBare ? [] : ['--import', REGISTER];
  const node = [options.node ?? process.execPath, ...(options.flags ?? []), ...preload];
  const command = [...(options.launcher ?? []), ...node, join(FIXTURES, script)];
  const child = spawn(command[0]!, [...command.slice(1), ...(options.args ?? [])], {
    cwd: FIXTURES,
    env: {
      ...cleanEnvironment(),
      TACHOGRAPH_URL: pathToFileURL(out).href,
      TACHOGRAPH_SPOOL_DIR: join(folder, 'spool'),
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  let isReady = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    if (!isReady && stdout.includes('READY')) {
      isReady = true;
      options.onReady?.(child);
    }
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const watchdog = setTimeout(() => child.kill('SIGKILL'), options.timeoutMs ?? 30_000);
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  clearTimeout(watchdog);
  const lines = readLines(out);
  own?.remove();
  return { code, signal, stdout, stderr, lines };
}

export function readLines(path: string): Line[] {
  if (!existsSync(path)) return [];
  const text = readFileSync(path, 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}

/** Sum of the counts of a metric, over the lines that have these attributes. */
export function countOf(lines: readonly Line[], name: string, where: Partial<Line> = {}): number {
  return lines
    .filter((line) => line.name === name)
    .filter((line) => Object.entries(where).every(([key, value]) => line[key] === value))
    .reduce((total, line) => total + (line.count ?? 0), 0);
}
