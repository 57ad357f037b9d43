/**
 * The text by which a statement is known: without literals, parameters, comments and layout, lists
 * collapsed, at most 256 characters. Applied to its own result it changes nothing. Runs in the agent's
 * worker.
 */
import { KEYWORDS } from './keywords.js';
import { type Lexed, type Token, VALUE_TEXT } from './token.js';

export const TEXT_LENGTH_MAX = 256;
const CUT = ' …';

/** Whether `text` is the beginning of a longer one: statements that go on otherwise are known by the same. */
export function isCut(text: string): boolean {
  return text.endsWith(CUT);
}

/** What may stand in a list of values only. */
const LIST_PARTS: ReadonlySet<string> = new Set([VALUE_TEXT, ',', '(', ')']);
const NO_SPACE_BEFORE: ReadonlySet<string> = new Set([',', ')', ']', ';', '.', '::']);
const NO_SPACE_AFTER: ReadonlySet<string> = new Set(['(', '[', '.', '::']);

/** `tokens` as hide-values.ts left them. */
export function canonicalText({ tokens, commentKeys }: Lexed): string {
  let text = '';
  let before: Token | undefined;
  for (const token of collapsed(tokens)) {
    const word = KEYWORDS.has(token.upper) ? token.upper : token.text;
    const next = before !== undefined && hasSpace(before, token) ? ` ${word}` : word;
    if (text.length + next.length + CUT.length > TEXT_LENGTH_MAX) {
      return before === undefined ? word.slice(0, TEXT_LENGTH_MAX) : text + CUT;
    }
    text += next;
    before = token;
  }
  const comment = commentKeys.length > 0 ? ` /*${commentKeys.join(',')}*/` : '';
  return text.length + comment.length > TEXT_LENGTH_MAX ? text : text + comment;
}

function hasSpace(before: Token, token: Token): boolean {
  // Read again, three colons are a cast first.
  if (before.text === ':' && token.text.startsWith(':')) return true;
  // And two quotes in a row would be one within the name.
  if (before.kind === 'name' && token.text.startsWith(before.text.at(-1)!)) return true;
  if (NO_SPACE_BEFORE.has(token.text) || NO_SPACE_AFTER.has(before.text)) return false;
  // A name is followed by `(` as it stood: a function has no blank there, a table has.
  const isCall = token.text === '(' || token.text === '[';
  const isName = before.upper === 'ARRAY' || !KEYWORDS.has(before.upper);
  if (isCall && before.kind !== 'symbol' && isName) return token.isSpaced;
  // Operators of several characters stay together, but must not become a comment.
  if (before.kind === 'symbol' && token.kind === 'symbol' && before.text !== ',') {
    return token.isSpaced || /--$|\/\*$/.test(before.text + token.text);
  }
  return true;
}

/** Without the lists that differ from call to call: of IN, of ARRAY, and all rows of VALUES but the first. */
function* collapsed(tokens: readonly Token[]): Generator<Token> {
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    yield token;
    const opening = tokens[i + 1];
    if (opening === undefined) continue;
    const isIn = token.upper === 'IN' && opening.text === '(';
    const isArray = token.upper === 'ARRAY' && opening.text === '[';
    if (isIn || isArray) {
      const end = endOfList(tokens, i + 1, isArray ? ']' : ')');
      if (end === undefined) continue;
      const symbol = (text: string): Token => ({ ...opening, text, isSpaced: isIn });
      yield symbol(opening.text);
      yield { kind: 'value', text: VALUE_TEXT, upper: '', isSpaced: false };
      yield symbol(isArray ? ']' : ')');
      i = end;
    } else if (isValues(token) && opening.text === '(') {
      const end = endOfGroup(tokens, i + 1);
      yield* tokens.slice(i + 1, end + 1);
      i = endOfRows(tokens, end);
    }
  }
}

const isValues = ({ upper }: Token): boolean => upper === 'VALUES' || upper === 'VALUE';

/** Where a list of nothing but values ends, which may be with the text; undefined if it is another. */
function endOfList(tokens: readonly Token[], start: number, closing: string): number | undefined {
  let depth = 0;
  for (let i = start; i < tokens.length; i++) {
    const { text, kind } = tokens[i]!;
    if (text === '(' || text === '[') depth += 1;
    else if (text === ')' || text === ']') depth -= 1;
    else if (!LIST_PARTS.has(text) || kind === 'name') return undefined;
    if (depth === 0) return text === closing && i > start + 1 ? i : undefined;
  }
  return tokens.length > start + 1 ? tokens.length - 1 : undefined;
}

/** Where the parenthesis that opens at `start` closes, or the text ends. */
function endOfGroup(tokens: readonly Token[], start: number): number {
  let depth = 0;
  for (let i = start; i < tokens.length; i++) {
    if (tokens[i]!.text === '(') depth += 1;
    else if (tokens[i]!.text === ')') depth -= 1;
    if (depth === 0) return i;
  }
  return tokens.length - 1;
}

/** The end of the last of the rows `, (…)` that follow the one that ends at `end`. */
function endOfRows(tokens: readonly Token[], end: number): number {
  let last = end;
  while (tokens[last + 1]?.text === ',') {
    const next = tokens[last + 2];
    // The text was cut between two rows.
    if (next === undefined) return tokens.length - 1;
    if (next.text !== '(') break;
    last = endOfGroup(tokens, last + 2);
  }
  return last;
}
