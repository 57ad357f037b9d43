/** Tokens of the command line: from a file, or from the environment; never from an argument. */
import { readFileSync } from 'node:fs';
import { TOKEN_EXPECTED, tokenFault, tokenOfFile } from '../shared/token.js';
import { UsageError } from './exit-codes.js';

/**
 * From the file of an option, of NAME_FILE, or from NAME, in this order.
 * @throws {UsageError} when the file cannot be read, or no client could send what is there as a token.
 */
export function readToken(
  path: string | undefined,
  name: string,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const file = path ?? env[`${name}_FILE`];
  if (!file) return env[name] ? checked(env[name].trim(), name) : undefined;
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read the token file: ${(error as Error).message}.`);
  }
  return checked(tokenOfFile(text), `the token file ${file}`);
}

function checked(token: string, source: string): string {
  const came = tokenFault(token);
  if (came === undefined) return token;
  throw new UsageError(`${source}: expected ${TOKEN_EXPECTED}, got ${came}.`);
}
