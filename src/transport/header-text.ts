/**
 * An identity as the headers of a request carry it. Pure; the agent's worker writes it, the collector
 * compares with it.
 */

/** Of an agent's or boot's name in a header, in characters. */
export const ID_LENGTH_MAX = 255;

/** A header is ASCII: anything else would make the client throw. */
export function headerText(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, ID_LENGTH_MAX);
}
