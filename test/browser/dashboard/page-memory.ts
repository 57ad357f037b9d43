/** What a page of Chromium holds after its garbage is collected: the heap of its scripts, and what the DOM counts. */
import type { CDPSession, Page } from 'playwright-core';

export interface PageMemory {
  readonly heapBytes: number;
  /** Nodes that are alive, those that are in no document too. */
  readonly nodes: number;
  readonly listeners: number;
  readonly documents: number;
}

export interface MemoryProbe {
  read(): Promise<PageMemory>;
  close(): Promise<void>;
}

export async function probeMemory(page: Page): Promise<MemoryProbe> {
  const session: CDPSession = await page.context().newCDPSession(page);
  return {
    async read() {
      // What the first collection lets go of may have held more.
      for (let i = 0; i < 3; i++) await session.send('HeapProfiler.collectGarbage');
      const { usedSize } = await session.send('Runtime.getHeapUsage');
      const { nodes, jsEventListeners, documents } = await session.send('Memory.getDOMCounters');
      return { heapBytes: usedSize, nodes, listeners: jsEventListeners, documents };
    },
    close: () => session.detach(),
  };
}

/**
 * What grew, in words; empty when nothing did. The least of the first half is compared with the least of the second: a leak
 * lifts even the least, and a table that is longer for a while does not.
 */
export function growthOf(points: readonly PageMemory[]): string[] {
  const half = Math.floor(points.length / 2);
  const least = (of: readonly PageMemory[], name: keyof PageMemory): number =>
    Math.min(...of.map((point) => point[name]));
  return (Object.keys(SLACK) as (keyof PageMemory)[]).flatMap((name) => {
    const [before, after] = [points.slice(0, half), points.slice(half)].map((of) =>
      least(of, name),
    );
    return after! - before! <= SLACK[name] ? [] : [`${name}: ${before} → ${after}`];
  });
}

/** Half an hour is 180 refreshes: one node or listener each would be more, and so would 2 kB of heap. */
const SLACK: Readonly<Record<keyof PageMemory, number>> = {
  heapBytes: 360_000,
  nodes: 120,
  listeners: 20,
  documents: 0,
};
