/** The number of threads from /proc/self/stat. Fast tier. */
import { PROCESS_THREAD_COUNT } from '../../../shared/metrics.js';
import { KernelFile } from './kernel-file.js';
import type { KernelContext, KernelReader } from './kernel-reader.js';
import { readNumber, skipFields } from './scan.js';

const BYTES_MAX = 1024;
/** Fields from the state (3) up to num_threads (20) of proc_pid_stat(5). */
const FIELDS_BEFORE = 17;
const CLOSING_PARENTHESIS = ')';

export function createProcessThreads({ sink, root, scratch }: KernelContext): KernelReader {
  const file = new KernelFile(`${root}/proc/self/stat`, scratch, BYTES_MAX);
  return {
    sample() {
      const text = file.read();
      if (text === undefined) return;
      // The second field is the command in parentheses and may contain blanks and parentheses: the
      // last one closes it. Nothing behind it has one.
      const at = text.bytes.lastIndexOf(CLOSING_PARENTHESIS, text.end - 1);
      if (at === -1) return;
      text.at = at + 1;
      skipFields(text, FIELDS_BEFORE);
      sink.set(PROCESS_THREAD_COUNT, readNumber(text));
    },
    close: () => file.close(),
  };
}
