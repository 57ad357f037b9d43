/** A run that must not be believed, or a command that cannot be understood: said to people without a stack. */

export class BenchError extends Error {
  /** @override */
  name = 'BenchError';
  /** Exit code of the command: 1 for a failed run, 2 for a wrong command line. */
  exitCode;

  /**
   * @param {string} message What was expected, what came, how to mend it.
   * @param {1 | 2} [exitCode]
   */
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}
