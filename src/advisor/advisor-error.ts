/** The database cannot be looked at: no way to it, no right, no answer. The message says what to do. */
export class AdvisorError extends Error {
  override readonly name = 'AdvisorError';
}
