/** The package as users get it: packed, and installed by npm into an empty project where applications run. */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from '../project/source-files.js';

const APPS = join(ROOT, 'test/packaging/apps');
const RUN_MS_MAX = 50_000;

export interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string; readonly mode: number }[];
}

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  /** Points of the requests' metric. */
  readonly requests: readonly Point[];
  /** Every process that wrote anything. */
  readonly boots: ReadonlySet<string>;
  readonly points: readonly Point[];
}

interface Point {
  readonly name: string;
  readonly boot: string;
  readonly count: number;
  readonly 'service.name': string;
  readonly 'service.version': string;
  readonly 'process.pid': string;
}

export interface RunOptions {
  readonly nodeOptions?: string;
  /** What comes by standard input. */
  readonly input?: string;
  /** Without an agent: an application waits for none. */
  readonly isBare?: boolean;
}

export class PackedProject {
  /** Where the tarball lies, and what runs leave. */
  readonly folder: string = realpathSync(mkdtempSync(join(tmpdir(), 'tachograph-pack-')));
  /** Its package is called orders, 7.0.0. */
  readonly project: string = join(this.folder, 'project');
  /** npm's own script, to be run by any Node.js. */
  readonly npm: string = npmScript();
  readonly packed: Packed;
  #runs = 0;

  constructor() {
    mkdirSync(this.project);
    const listing = mustRun([this.npm, 'pack', '--json', '--pack-destination', this.folder], ROOT);
    // An array until npm 11, an object by package name since.
    [this.packed] = Object.values(JSON.parse(listing)) as [Packed];
    const manifest = '{"name":"orders","version":"7.0.0","private":true}';
    writeFileSync(join(this.project, 'package.json'), manifest);
    const tarball = join(this.folder, this.packed.filename);
    mustRun([this.npm, 'install', '--no-audit', '--no-fund', tarball], this.project);
    cpSync(APPS, this.project, { recursive: true });
  }

  run(node: string, args: readonly string[], options: RunOptions = {}): Ran {
    const { nodeOptions, input, isBare = false } = options;
    const file = join(this.folder, `run-${this.#runs++}.ndjson`);
    const { NODE_OPTIONS: _, ...inherited } = process.env;
    const { status, stdout, stderr } = spawnSync(node, args, {
      cwd: this.project,
      encoding: 'utf8',
      timeout: RUN_MS_MAX,
      ...(input === undefined ? {} : { input }),
      env: {
        ...inherited,
        ...(nodeOptions === undefined ? {} : { NODE_OPTIONS: nodeOptions }),
        TACHOGRAPH_URL: pathToFileURL(file).href,
        TACHOGRAPH_WINDOW: '1s',
        TACHOGRAPH_SPOOL_DIR: join(this.folder, 'spool'),
        ...(isBare ? {} : { TACHOGRAPH_TEST_FILE: file }),
      },
    });
    const lines = existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
    const points = lines.map((line) => JSON.parse(line) as Point);
    return {
      code: status,
      out: stdout,
      err: stderr,
      points,
      requests: points.filter(({ name }) => name === 'http.server.request.duration'),
      boots: new Set(points.map(({ boot }) => boot)),
    };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export function countOf(points: readonly Point[]): number {
  return points.reduce((sum, { count }) => sum + count, 0);
}

function npmScript(): string {
  const named = process.env.npm_execpath;
  if (named?.endsWith('npm-cli.js')) return named;
  const root = spawnSync('npm', ['root', '--global'], { encoding: 'utf8' }).stdout.trim();
  return join(root, 'npm/bin/npm-cli.js');
}

function mustRun(args: string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}:\n${stderr}`);
  return stdout;
}
