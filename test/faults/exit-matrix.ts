/**
 * The exit matrix: every cell is run, and when the collectors are well again the oracle judges all of them.
 * Four collectors at a time, one for each state, and one application at a time at each.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { FaultProxy } from '../support/fault-proxy/fault-proxy.js';
import type { Producer } from '../support/oracle/producer.js';
import { sendRest } from './backlog.js';
import {
  type Cell,
  COLLECTORS,
  type CollectorState,
  complaintsOfEnding,
  type Ending,
  type EndKind,
  endCell,
  startCell,
} from './exit-cell.js';

/** Longer than the agent waits at an exit, there and back. */
const SLOW_MS = 400;

export interface MatrixTerms {
  /** The binary. */
  readonly node: string;
  /** Of its own; spools and logs lie in it. */
  readonly folder: string;
  /** Of a collector that stays up. */
  readonly collectorUrl: string;
  /** How often each end is measured without the agent. */
  readonly bareRuns: number;
  /** The agent's. */
  readonly exitTimeoutMs: number;
}

export interface CellResult {
  readonly cell: Cell;
  /** Beyond the median without the agent. */
  readonly addedMs: number;
  readonly complaints: readonly string[];
}

export interface MatrixOutcome {
  readonly results: readonly CellResult[];
  /** All of them, each with its cell, and those of the applications that sent the rest. */
  readonly complaints: readonly string[];
}

export async function runMatrix(
  cells: readonly Cell[],
  terms: MatrixTerms,
): Promise<MatrixOutcome> {
  const bare = new Map<EndKind, Ending>();
  for (const end of new Set(cells.map((cell) => cell.end))) {
    bare.set(end, await runBare(end, terms));
  }
  const groups = await Promise.all(
    COLLECTORS.map((state) => {
      const own = cells.filter(({ collector }) => collector === state);
      return runGroup(state, own, bare, terms);
    }),
  );
  return {
    results: groups.flatMap(({ results }) => results),
    complaints: groups.flatMap(({ complaints }) => complaints),
  };
}

export function nameOf({ end, worker, collector }: Cell): string {
  return `${end}-${worker}-${collector}`;
}

/** The same application without the agent; of several runs the one that took the median time. */
async function runBare(end: EndKind, terms: MatrixTerms): Promise<Ending> {
  const { node, folder, collectorUrl: url, bareRuns } = terms;
  const endings: Ending[] = [];
  for (let run = 0; run < bareRuns; run++) {
    const cell = { end, worker: 'busy' } as const;
    const service = `bare-${end}-${run}`;
    const producer = startCell(cell, { service, url, folder, node, isBare: true });
    endings.push(await endCell(cell, producer, true));
  }
  endings.sort((a, b) => a.tookMs - b.tookMs);
  return endings[Math.floor(endings.length / 2)]!;
}

async function runGroup(
  state: CollectorState,
  cells: readonly Cell[],
  bare: ReadonlyMap<EndKind, Ending>,
  terms: MatrixTerms,
): Promise<MatrixOutcome> {
  const { node, collectorUrl, exitTimeoutMs } = terms;
  const env = { TACHOGRAPH_EXIT_TIMEOUT: String(exitTimeoutMs) };
  const folder = join(terms.folder, state);
  mkdirSync(folder);
  const target = Number(new URL(collectorUrl).port);
  let proxy = await FaultProxy.start({ target });
  const { port, url } = proxy;
  const producers: Producer[] = [];
  try {
    await trouble(proxy, state);
    const endings: Ending[] = [];
    for (const cell of cells) {
      const producer = startCell(cell, { service: nameOf(cell), url, folder, node, env });
      producers.push(producer);
      endings.push(await endCell(cell, producer));
    }
    if (state === 'down') proxy = await FaultProxy.start({ target, port });
    else proxy.heal();
    const rest = await sendRest({ service: `rest-${state}`, url, folder, node }, collectorUrl);
    const results: CellResult[] = [];
    for (const [i, cell] of cells.entries()) {
      const ending = endings[i]!;
      const without = bare.get(cell.end)!;
      const lost = await producers[i]!.complaints(collectorUrl, 0);
      const complaints = [...complaintsOfEnding(ending, without, exitTimeoutMs), ...lost];
      results.push({ cell, addedMs: ending.tookMs - without.tookMs, complaints });
    }
    const own = results.flatMap(({ cell, complaints }) =>
      complaints.map((complaint) => `${nameOf(cell)}: ${complaint}`),
    );
    const ofRest = rest.complaints.map((complaint) => `rest-${state}: ${complaint}`);
    return { results, complaints: [...ofRest, ...own] };
  } finally {
    await Promise.all(producers.map((producer) => producer.kill()));
    await proxy.close();
  }
}

/** Does to the way what the state of the collector is, as an application sees it. */
async function trouble(proxy: FaultProxy, state: CollectorState): Promise<void> {
  switch (state) {
    case 'up':
      return;
    case 'down':
      return proxy.close();
    case 'hung':
      return proxy.set({ kind: 'no-answer' });
    case 'slow':
      return proxy.set({ kind: 'latency', delayMs: SLOW_MS });
  }
}
