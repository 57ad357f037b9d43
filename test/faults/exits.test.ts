/**
 * A part of the exit matrix in which every end, every state of the agent's worker and every state of the
 * collector is; `npm run faults:exits` does all of it, on every version of Node.js. An idle worker and a file
 * as the collector are in test/agent/lifecycle.test.ts.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type CollectorProcess,
  endProcess,
  startCollectorProcess,
} from '../support/collector-process.js';
import { makeFolder } from '../support/run-app.js';
import {
  type Cell,
  COLLECTORS,
  complaintsOfEnding,
  ENDS,
  type Ending,
  WORKERS,
} from './exit-cell.js';
import { runMatrix } from './exit-matrix.js';
import { exitTable } from './exit-table.js';

/** Four times the default: the tests beside this one must not decide what half a second is enough for. */
const EXIT_TIMEOUT_MS = 2000;

const folder = makeFolder();
let collector: CollectorProcess;
beforeAll(async () => {
  collector = await startCollectorProcess(join(folder.path, 'data'));
});
afterAll(async () => {
  await endProcess(collector.child, 'SIGKILL');
  folder.remove();
});

const OTHERS = WORKERS.filter((state) => state !== 'busy');
/** Each end with a busy worker and with one in another state, at collectors that take turns. */
const CELLS: readonly Cell[] = ENDS.flatMap((end, row) => {
  const collectorAt = (turn: number): Cell['collector'] => COLLECTORS[turn % COLLECTORS.length]!;
  return [
    { end, worker: 'busy', collector: collectorAt(row) },
    {
      end,
      worker: OTHERS[row % OTHERS.length]!,
      collector: collectorAt(row + 2 + Math.floor(row / COLLECTORS.length)),
    },
  ];
});

describe('the end of a process', () => {
  it('is what it is without the agent, and loses no more than is allowed, whatever state worker and collector are in', {
    timeout: 120_000,
  }, async () => {
    const apps = join(folder.path, 'apps');
    mkdirSync(apps);
    const { results, complaints } = await runMatrix(CELLS, {
      node: process.execPath,
      folder: apps,
      collectorUrl: collector.url,
      bareRuns: 1,
      exitTimeoutMs: EXIT_TIMEOUT_MS,
    });
    expect(complaints).toEqual([]);
    expect(results).toHaveLength(2 * ENDS.length);
  });
});

describe('the judge of an end', () => {
  const bare: Ending = {
    end: { code: 3, signal: null, stdout: 'READY\n', stderr: 'Error: a\n' },
    tookMs: 10,
  };
  const warning = '(node:7) [TACHO_WORKER_CRASHED] TachographWarning: It ended.\n';
  const ending = (end: Partial<Ending['end']>, tookMs = 510): Ending => ({
    end: { ...bare.end, ...end },
    tookMs,
  });

  it('has nothing to say of one that is as without the agent, but for a warning and a wait', () => {
    expect(complaintsOfEnding(ending({ stderr: `${warning}Error: a\n` }), bare, 500)).toEqual([]);
  });

  it.each<[string, Ending]>([
    ['another code', ending({ code: 0 })],
    ['a signal', ending({ code: null, signal: 'SIGTERM' })],
    ['other words', ending({ stdout: 'READY\nflushed\n' })],
    ['other errors', ending({ stderr: 'Error: b\n' })],
    ['a warning that is given twice', ending({ stderr: `${warning}${warning}Error: a\n` })],
    ['a wait that does not end', ending({}, 30_000)],
  ])('finds %s', (_name, found) => {
    expect(complaintsOfEnding(found, bare, 500)).toHaveLength(1);
  });
});

describe('the table of ends', () => {
  const cell: Cell = { end: 'exit', worker: 'busy', collector: 'hung' };

  it('has a row for each end and state of the worker, and the delays', () => {
    const table = exitTable([{ cell, addedMs: 12.4, complaints: [] }]);
    expect(table.split('\n')).toHaveLength(2 + ENDS.length * WORKERS.length);
    expect(table).toContain('| exit | busy |  |  | +12 ms |  |');
  });

  it('shows what is wrong', () => {
    const table = exitTable([{ cell, addedMs: 12.4, complaints: ['it said "x"'] }]);
    expect(table).toContain('| exit | busy |  |  | **wrong** |  |');
  });
});
