/** Where the process works, as far as that can still be told. */

/** The working folder may have been deleted under the process. */
export function currentFolder(): string {
  try {
    return process.cwd();
  } catch {
    return '/';
  }
}
