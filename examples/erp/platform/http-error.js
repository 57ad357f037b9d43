/** An error that is an answer: its status and message may be shown to the user. */
export class HttpError extends Error {
  /**
   * @param {number} status
   * @param {string} message
   * @param {Record<string, string>} [fields] What is wrong with which input.
   */
  constructor(status, message, fields = {}) {
    super(message);
    this.name = 'HttpError';
    this.status = status;
    this.fields = fields;
  }
}

/**
 * The row itself, or a 404 when there is none.
 * @template T
 * @param {T | undefined} row
 * @param {string} what
 * @returns {T}
 */
export function found(row, what) {
  if (row === undefined) throw new HttpError(404, `${what} not found`);
  return row;
}
