/**
 * Whose fault a file-system error is: of the one file, which is then given up so that the others go
 * on, or of the process, the folder or the disk, which is waited out so that nothing is lost. Pure.
 */

/** They say nothing about the file: out of descriptors or memory, no room, a folder or disk away. */
const WIDER_FAULTS: ReadonlySet<string> = new Set([
  'EMFILE',
  'ENFILE',
  'ENOMEM',
  'EAGAIN',
  'EINTR',
  'ENOSPC',
  'EDQUOT',
  'EROFS',
  'ENOTDIR',
  'ENODEV',
  'ENOTCONN',
  'ESTALE',
  'ETIMEDOUT',
  'EHOSTDOWN',
]);

/** True when another file of the same folder may well fare better (EIO, EPERM, EBUSY …). */
export function isFaultOfFile(error: unknown): boolean {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === undefined || WIDER_FAULTS.has(code)) return false;
  // Only opening asks for rights to the file itself; the other calls need those to its folder.
  return code !== 'EACCES' || syscall === 'open';
}
