/** What one check of `tachograph doctor` found, and what an operator can do about it. Pure. */
import type { CheckName } from './checks.js';

/** `attention`: it works, and somebody should look. `trouble`: data is not delivered, or is lost. */
export type Level = 'ok' | 'attention' | 'trouble';

/** Numbers and names for machines; units are in the keys. */
export type Facts = Readonly<Record<string, unknown>>;

export interface Finding {
  readonly level: Level;
  readonly check: CheckName;
  /** May hold names from outside: whoever prints it makes them harmless (`report.ts`). */
  readonly found: string;
  /** Empty where there is nothing to do. */
  readonly todo: string;
  readonly facts: Facts;
}

/** Findings about one thing: a destination, a folder. */
export interface Section {
  readonly title: string;
  readonly findings: readonly Finding[];
}

export function ok(check: CheckName, found: string, facts: Facts = {}): Finding {
  return { level: 'ok', check, found, todo: '', facts };
}

export function attention(
  check: CheckName,
  found: string,
  todo: string,
  facts: Facts = {},
): Finding {
  return { level: 'attention', check, found, todo, facts };
}

export function trouble(check: CheckName, found: string, todo: string, facts: Facts = {}): Finding {
  return { level: 'trouble', check, found, todo, facts };
}

export function countOf(sections: readonly Section[], level: Level): number {
  return sections.flatMap(({ findings }) => findings).filter((one) => one.level === level).length;
}
