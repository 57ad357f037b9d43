import { afterEach, describe, expect, it } from 'vitest';
import { DAY_MS, makeBatch } from '../make-batch.js';
import { commit, DAY, makeFolder, openStore, removeFolders } from '../store/store-folder.js';

afterEach(removeFolders);

describe('processes heard of since a time', () => {
  it.each(['as received', 'from rollups'])(
    'are those alone, and without a time all are known, %s',
    async (source) => {
      let now = DAY;
      const store = openStore(makeFolder(), () => now);
      for (const [boot, daysAgo] of [
        ['old', 60],
        ['recent', 2],
        ['new', 0],
      ] as const) {
        now = DAY - daysAgo * DAY_MS;
        await commit(store, [makeBatch({ startMs: now - 10_000, boot, routes: { '/a': [1, 2] } })]);
        if (source === 'from rollups') await store.maintain();
      }
      const sinceMs = DAY - 3 * DAY_MS;
      const boots = (of: readonly { readonly boot: string }[]) => of.map(({ boot }) => boot);
      expect(boots(await store.instances('shop', sinceMs))).toEqual(['new', 'recent']);
      expect(boots(await store.ledger(undefined, sinceMs))).toEqual(['new', 'recent']);
      expect(boots(await store.ledger(undefined, DAY))).toEqual(['new']);
      expect(boots(await store.instances(undefined))).toEqual(['new', 'recent', 'old']);
      expect(await store.ledger(undefined)).toMatchObject([
        { received: 2, balanced: true },
        { received: 2, balanced: true },
        { received: 2, balanced: true },
      ]);
      await store.close();
    },
  );
});
