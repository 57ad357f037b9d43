/** Which column of which table of a SELECT its tokens name. Pure. */
import type { Token } from '../../sql/token.js';
import type { Table } from '../catalogue.js';
import { nameOf } from './query-blocks.js';

interface Named {
  readonly table: Table;
  readonly alias: string;
}

export interface Found<Draft extends Named> {
  readonly draft: Draft;
  readonly column: string;
}

export function draftsIn<Draft extends Named>(
  drafts: readonly Draft[],
  tokens: readonly Token[],
): Draft[] {
  return tokens.flatMap((_, at) => columnAt(drafts, tokens, at)?.draft ?? []);
}

/** The column that `tokens` is, and nothing but it. */
export function columnOf<Draft extends Named>(
  drafts: readonly Draft[],
  tokens: readonly Token[],
): Found<Draft> | undefined {
  return tokens.length === 1 || (tokens.length <= 5 && tokens.at(-2)?.text === '.')
    ? columnAt(drafts, tokens, tokens.length - 1)
    : undefined;
}

/** The column whose name ends at `at`: `column`, `alias.column`, `schema.table.column`. */
export function columnAt<Draft extends Named>(
  drafts: readonly Draft[],
  tokens: readonly Token[],
  at: number,
): Found<Draft> | undefined {
  const column = nameOf(tokens[at]);
  const next = tokens[at + 1]?.text;
  if (column === undefined || next === '.' || next === '(') return undefined;
  const isQualified = tokens[at - 1]?.text === '.';
  const alias = isQualified ? nameOf(tokens[at - 2]) : undefined;
  const meant = drafts.filter(
    (draft) => draft.table.columns.has(column) && (!isQualified || draft.alias === alias),
  );
  return meant.length === 1 ? { draft: meant[0]!, column } : undefined;
}

/** `c.id`, where no table of this SELECT is `c`: one of a SELECT around it, or what a subquery gives. */
export function isOfAnother(tokens: readonly Token[]): boolean {
  const names = [tokens.at(-3), tokens.at(-1)].map(nameOf);
  return tokens.length <= 5 && tokens.at(-2)?.text === '.' && !names.includes(undefined);
}
