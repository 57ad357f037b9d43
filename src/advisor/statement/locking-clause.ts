/** Takes `FOR UPDATE` and its kin off a SELECT, at any depth: the plan is the same, and no row is locked. Pure. */
import type { Token } from '../../sql/token.js';

const STRENGTHS: ReadonlySet<string> = new Set(['UPDATE', 'SHARE']);
const BEFORE_STRENGTH: ReadonlySet<string> = new Set(['NO', 'KEY']);
const WAITING: readonly (readonly string[])[] = [['NOWAIT'], ['SKIP', 'LOCKED']];
const SHARE_MODE = ['LOCK', 'IN', 'SHARE', 'MODE'];

export function withoutLocks(tokens: readonly Token[]): Token[] {
  const kept: Token[] = [];
  for (let i = 0; i < tokens.length; ) {
    const end = endOfClause(tokens, i);
    if (end === i) kept.push(tokens[i++]!);
    else i = end;
  }
  return kept;
}

/** Where a clause that begins at `start` is over; `start` when none does. */
function endOfClause(tokens: readonly Token[], start: number): number {
  if (areAt(tokens, start, SHARE_MODE)) return start + SHARE_MODE.length;
  if (tokens[start]?.upper !== 'FOR') return start;
  let at = start + 1;
  while (BEFORE_STRENGTH.has(tokens[at]?.upper ?? '')) at += 1;
  if (!STRENGTHS.has(tokens[at]?.upper ?? '')) return start;
  at += 1;
  if (tokens[at]?.upper === 'OF') {
    at += 2;
    while (tokens[at]?.text === ',' || tokens[at]?.text === '.') at += 2;
  }
  for (const words of WAITING) if (areAt(tokens, at, words)) at += words.length;
  return at;
}

function areAt(tokens: readonly Token[], start: number, words: readonly string[]): boolean {
  return words.every((word, i) => tokens[start + i]?.upper === word);
}
