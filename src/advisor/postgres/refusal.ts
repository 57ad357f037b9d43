/**
 * Why PostgreSQL did not plan a statement, in words of ours: the server's own may quote a value. Pure. What is not known
 * is told by its code alone.
 */
import { codeOf } from './postgres-session.js';

const REASONS: Readonly<Record<string, string>> = {
  '42P01':
    'names a table that this database does not have, or that is not on the search_path of the role',
  '42703': 'names a column that this database does not have',
  '42501': 'the role may not read a table of it: GRANT SELECT',
  '42883': 'calls a function, or has an operator, that is not known for values of unknown type',
  '42725': 'is ambiguous once its values are unknown',
  '42P18': 'has a value whose type cannot be found out',
  '42601': 'cannot be read without its values',
  '57014': 'took more than a second to plan',
  '55P03': 'has a table that somebody holds a lock on',
  '25006': 'would write while it is planned',
};

export function refusalOf(error: unknown): string {
  const code = codeOf(error);
  return REASONS[code] ?? `was refused by the database (${code || 'without a code'})`;
}

/** The role has lost, or never had, the right to look. */
export function isDenied(error: unknown): boolean {
  return codeOf(error) === '42501';
}

/** It took longer than it is given, or waited for a lock. */
export function isTooSlow(error: unknown): boolean {
  return /^(?:57014|55P03)$/.test(codeOf(error));
}
