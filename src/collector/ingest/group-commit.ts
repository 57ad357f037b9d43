/**
 * Batches that arrive together are committed together: a commit waits for the disk (about 2 ms), and
 * one wait serves all that came meanwhile. What waits is bounded in batches; past that, 503.
 */
import { type CommitOutcome, type Store, StoreBusyError } from '../store/store.js';
import type { ReceivedBatch } from '../store/write-batch.js';

const GROUP_MAX = 64;
const WAITING_MAX = 512;
/** A disk that is 512 batches behind is slow; half a window lets it catch up. */
const RETRY_SECONDS = 5;

interface Waiting {
  readonly received: ReceivedBatch;
  readonly resolve: (outcome: CommitOutcome) => void;
  readonly reject: (error: unknown) => void;
}

/** Resolves after the commit. @throws {StoreBusyError} */
export type Commit = (received: ReceivedBatch) => Promise<CommitOutcome>;

export function createGroupCommit(store: Pick<Store, 'commit'>): Commit {
  let waiting: Waiting[] = [];
  let isRunning = false;

  async function run(): Promise<void> {
    while (waiting.length > 0) {
      const group = waiting.slice(0, GROUP_MAX);
      waiting = waiting.slice(GROUP_MAX);
      try {
        const outcomes = await store.commit(group.map(({ received }) => received));
        group.forEach(({ resolve }, i) => {
          resolve(outcomes[i] as CommitOutcome);
        });
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
      // Lets the requests that came during the commit join the next group.
      await new Promise((resolve) => setImmediate(resolve));
    }
    isRunning = false;
  }

  return (received) =>
    new Promise((resolve, reject) => {
      if (waiting.length >= WAITING_MAX) {
        const message = `${WAITING_MAX} batches wait for the disk already`;
        reject(new StoreBusyError(message, RETRY_SECONDS));
        return;
      }
      waiting.push({ received, resolve, reject });
      if (isRunning) return;
      isRunning = true;
      setImmediate(() => void run());
    });
}
