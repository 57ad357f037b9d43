/** Colours of what a command prints: where NO_COLOR, FORCE_COLOR and standard output allow them. */
import { styleText } from 'node:util';
import type { Paint } from './table.js';

export function paint(): Paint {
  const { NO_COLOR, FORCE_COLOR } = process.env;
  const isColoured = NO_COLOR ? false : FORCE_COLOR ? FORCE_COLOR !== '0' : process.stdout.isTTY;
  // Decided here: whether styleText itself looks at the stream differs between Node versions.
  return (style, text) => (isColoured ? styleText(style, text) : text);
}
