/**
 * The statements that the advisor looks at, the costliest first, each once by its canonical text. Pure. A text
 * from a file may hold values; they are gone with the first step.
 */
import { described } from '../sql/described.js';
import type { DatabaseSystem } from './advice.js';

export interface Statement {
  readonly text: string;
  /** In all calls; 0 where it is not known. */
  readonly totalSeconds: number;
}

/** Of one run; a source may give more. */
export const STATEMENTS_MAX = 200;

/** At most `limit` different ones. */
export function chosenStatements(
  system: DatabaseSystem,
  statements: readonly Statement[],
  limit: number,
): Statement[] {
  const byText = new Map<string, Statement>();
  for (const statement of statements) {
    const key = described(system, statement.text).text;
    const { text, totalSeconds } = byText.get(key) ?? { ...statement, totalSeconds: 0 };
    byText.set(key, { text, totalSeconds: totalSeconds + statement.totalSeconds });
  }
  return [...byText.values()]
    .sort((a, b) => b.totalSeconds - a.totalSeconds)
    .slice(0, Math.min(limit, STATEMENTS_MAX));
}

/** Statements of a file: one a line, or over several lines up to a semicolon; lines of comments are left out. */
export function statementsOfFile(text: string): Statement[] {
  const lines = text.split(/\r?\n/).filter((line) => !/^\s*(?:--|$)/.test(line));
  const hasEnds = lines.some((line) => /;\s*$/.test(line));
  const parts = hasEnds ? lines.join('\n').split(/;[ \t]*(?:\n|$)/) : lines;
  return parts
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => ({ text: part, totalSeconds: 0 }));
}
