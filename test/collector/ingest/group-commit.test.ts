import { describe, expect, it } from 'vitest';
import { createGroupCommit } from '../../../src/collector/ingest/group-commit.js';
import { type CommitOutcome, StoreBusyError } from '../../../src/collector/store/store.js';
import type { ReceivedBatch } from '../../../src/collector/store/write-batch.js';
import { makeBatch } from '../make-batch.js';

const STORED: CommitOutcome = { state: 'stored' };
const received = (sequence: number): ReceivedBatch => ({
  batch: makeBatch({ startMs: 0, sequence }),
  receivedMs: 0,
});

/** A store that commits when it is told to. */
function slowStore() {
  const groups: number[][] = [];
  const waiting: (() => void)[] = [];
  return {
    groups,
    release: () => waiting.shift()?.(),
    async commit(batches: readonly ReceivedBatch[]): Promise<CommitOutcome[]> {
      groups.push(batches.map(({ batch }) => batch.identity.sequence));
      await new Promise<void>((resolve) => waiting.push(resolve));
      return batches.map(() => STORED);
    },
  };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function releaseAll(store: ReturnType<typeof slowStore>): Promise<void> {
  for (let i = 0; i < 100; i++) {
    store.release();
    await turn();
  }
}

describe('the group commit', () => {
  it('answers nobody before the commit, and commits together what came meanwhile', async () => {
    const store = slowStore();
    const commit = createGroupCommit(store);
    let answered = 0;
    const count = (): void => {
      answered += 1;
    };
    const first = commit(received(1)).then(count);
    await turn();
    await turn();
    const others = [2, 3, 4].map((sequence) => commit(received(sequence)).then(count));
    await turn();
    expect([store.groups, answered]).toEqual([[[1]], 0]);
    store.release();
    await first;
    await turn();
    await turn();
    expect([store.groups, answered]).toEqual([[[1], [2, 3, 4]], 1]);
    store.release();
    await Promise.all(others);
  });

  it('refuses what would wait behind 512 others, and takes batches again when they are through', async () => {
    const store = slowStore();
    const commit = createGroupCommit(store);
    const taken = Array.from({ length: 512 }, (_, i) => commit(received(i + 1)));
    const refused = commit(received(513));
    await expect(refused).rejects.toBeInstanceOf(StoreBusyError);
    await expect(refused).rejects.toMatchObject({ retryAfterSeconds: 5 });
    await releaseAll(store);
    expect(await Promise.all(taken)).toEqual(taken.map(() => STORED));
    expect(Math.max(...store.groups.map((group) => group.length))).toBe(64);
    const later = commit(received(514));
    await releaseAll(store);
    expect(await later).toEqual(STORED);
  });

  it('tells all of a group that failed, and goes on with the next', async () => {
    let isBroken = true;
    const commit = createGroupCommit({
      async commit(batches) {
        if (isBroken) throw new StoreBusyError('full', 10);
        return batches.map(() => STORED);
      },
    });
    const failed = [1, 2].map((sequence) => commit(received(sequence)));
    for (const one of failed) await expect(one).rejects.toThrow('full');
    isBroken = false;
    expect(await commit(received(1))).toEqual(STORED);
  });
});
