/** Where the spools of all destinations lie. Any thread or process. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * The folder of TACHOGRAPH_SPOOL_DIR, else one of this account's own in the temporary folder. By the
 * number of the account: in many containers it has no name (`os.userInfo` throws there).
 */
export function spoolRoot(spoolDir: string): string {
  return spoolDir || join(tmpdir(), `tachograph-${process.getuid?.() ?? 'user'}`);
}
