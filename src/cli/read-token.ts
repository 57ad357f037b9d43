/** Tokens of the command line: from a file, or from the environment; never from an argument. */
import { readFileSync } from 'node:fs';
import { UsageError } from './exit-codes.js';

/**
 * From the file of an option, of NAME_FILE, or from NAME, in this order.
 * @throws {UsageError} when the file cannot be read or is empty.
 */
export function readToken(
  path: string | undefined,
  name: string,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const file = path ?? env[`${name}_FILE`];
  if (!file) return env[name] || undefined;
  let token: string;
  try {
    token = readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new UsageError(`cannot read the token file: ${(error as Error).message}.`);
  }
  if (token === '') throw new UsageError(`expected a token in ${file}, got an empty file.`);
  return token;
}
