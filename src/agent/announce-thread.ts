/**
 * A worker thread's word to the main thread: that it has a ring, and which threads it made have
 * ended. Runs on worker threads of the application; nothing is kept open, nothing is listened to.
 */
import {
  type FromThread,
  type OnThreadChannel,
  THREAD_CHANNEL,
} from '../shared/worker-protocol.js';
import { guardedCall, type Warn } from './guarded.js';
import { workerThreads } from './late-builtins.js';
import type { RingWriter } from './ring-writer.js';
import { watchThreads } from './watch-threads.js';

/** Environment data, which a thread inherits: ids of the worker threads it is in, and its own. */
const LINEAGE = 'tachograph:lineage';

/**
 * Hands over this thread's ring; tells of its end, and of the ends of threads made here. Returns what
 * gives the agent's worker what is no record.
 */
export function announceThread(ring: RingWriter, warn: Warn): (word: FromThread) => void {
  const { getEnvironmentData, setEnvironmentData, threadId } = workerThreads();
  const within = (getEnvironmentData(LINEAGE) ?? []) as unknown as readonly number[];
  setEnvironmentData(LINEAGE, [...within, threadId] as never);
  const announce = (): void => tell({ type: 'ring', ring: ring.buffer, within });
  watchThreads({ onEnded: (ended) => tell({ type: 'ended', threadId: ended }) }, warn);
  const atExit = guardedCall('exit', warn, () => {
    ring.close();
    // The main thread listens from its first thread on, and may be so late that it missed this one.
    announce();
  });
  process.on('exit', atExit);
  announce();
  return tell;
}

/** An open channel would get every other thread's ring, and keep it while this thread blocks. */
function tell(message: OnThreadChannel): void {
  const channel = new (workerThreads().BroadcastChannel)(THREAD_CHANNEL);
  channel.postMessage(message);
  channel.close();
}
