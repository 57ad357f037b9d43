/** From a statement to what of it may be known: canonical text, verb, table and class. Pure. */
import { OTHER } from '../shared/metric.js';
import { canonicalText } from './canonical-text.js';
import { type Classified, classify } from './classify.js';
import { dialectOf } from './dialect.js';
import { hideValues } from './hide-values.js';
import { lex } from './lexer.js';

export interface Described extends Classified {
  readonly text: string;
}

/**
 * What of a statement may be known. One that cannot be read is not shown; in one that failed a quoted
 * name may be the mistake: a string.
 */
export function described(system: string, statement: string, isFailed = false): Described {
  const dialect = dialectOf(system);
  const unknown: Described = {
    text: OTHER,
    verb: undefined,
    table: undefined,
    queryClass: 'other',
  };
  if (dialect === undefined) return unknown;
  try {
    const { tokens, commentKeys } = lex(statement, dialect);
    const shown = hideValues(tokens, dialect, isFailed);
    return { ...classify(shown), text: canonicalText({ tokens: shown, commentKeys }) };
  } catch {
    return unknown;
  }
}
