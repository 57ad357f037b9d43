/** The control group alone, for a source that does not know control groups. */
import type { Sink } from '../sink.js';
import { createContainer } from './kernel/container.js';
import type { SystemSource } from './system-source.js';

/** The longest file read is memory.stat. */
const SCRATCH_BYTES = 16 * 1024;

/** Where there is no /proc nothing is found, and nothing is reported. */
export function createContainerSource(sink: Sink, root: string, clock: () => number): SystemSource {
  const scratch = Buffer.alloc(SCRATCH_BYTES);
  const { fast, slow } = createContainer({
    sink,
    root: root.replace(/\/+$/, ''),
    scratch,
    clock,
  });
  return {
    sampleFast: () => fast.sample(),
    sampleSlow: () => slow.sample(),
    close: () => fast.close(),
  };
}
