/** The refusal of a batch that has the right form and contents that cannot be. */
import { HttpError } from '../http/http-error.js';

/** `path` names the field; none of the three holds bytes of the batch but numbers. */
export function badBatch(path: string, expected: string, came: string): HttpError {
  return new HttpError(400, 'bad_batch', `batch ${path}: expected ${expected}, got ${came}`);
}
