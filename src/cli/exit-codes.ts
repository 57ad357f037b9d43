/** What the commands' exit codes mean, and the error that leads to the second. */
export const EXIT_OK = 0;
/** The command found what it looks for, or failed. */
export const EXIT_FAILURE = 1;
export const EXIT_USAGE = 2;
export const EXIT_NO_DATA = 3;

/** The command line cannot be understood; the message says what was expected. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
