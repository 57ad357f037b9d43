/** The DSN of the database to look at: from an option, from a file, or from the environment. It holds a password. */
import { systemsOf } from '../advisor/advise.js';
import { readSmallFile } from '../shared/small-file.js';
import { UsageError } from './exit-codes.js';

const NAME = 'TACHOGRAPH_ADVISE_DSN';

/** @throws {UsageError} when there is one that is none; of its text nothing is shown */
export function readDsn(
  option: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const dsn = option ?? fromFile(env[`${NAME}_FILE`]) ?? env[NAME];
  if (!dsn) return undefined;
  try {
    systemsOf(dsn.trim());
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  return dsn.trim();
}

function fromFile(path: string | undefined): string | undefined {
  if (!path) return undefined;
  try {
    return readSmallFile(path);
  } catch (error) {
    throw new UsageError(`cannot read ${NAME}_FILE: ${(error as Error).message}.`);
  }
}
