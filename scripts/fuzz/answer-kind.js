/**
 * The kind of an answer: its text without what changes from input to input. Numbers become one, as do
 * texts in quotation marks, so that a new kind is a new sentence of ours and not a new number.
 *
 * @param {string} text
 */
export function answerKind(text) {
  return text
    .slice(0, 300)
    .replace(/"[^"]*"?/g, '"…"')
    .replace(/0x[0-9a-f]+|\d+/g, '0');
}
