/** `tachograph token`: makes, lists and revokes the tokens of a collector. It need not be running. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultDataFolder, makeDataFolder } from '../collector/store/data-folder.js';
import {
  createToken,
  NAME_LENGTH_MAX,
  ROLES,
  type Role,
  readTokens,
  revokeToken,
  type TokenEntry,
} from '../collector/tokens/token-file.js';
import { EXIT_NO_DATA, EXIT_OK, UsageError } from './exit-codes.js';

const HELP = `Usage: tachograph token create --role ROLE [--name NAME]
       tachograph token list [--json]
       tachograph token revoke ID

The tokens of a collector. A change counts from its next request on. As soon as one was made, the
collector asks for a token for everything but /v1/health, on the loopback address too.

  --role ROLE    write (send batches), read (ask for what is stored), admin (both)
  --name NAME    For people: which service or person has it
  --data FOLDER  The collector's data (default: as "tachograph collector") [TACHOGRAPH_COLLECTOR_DATA]
  --json         The list as JSON
  --help         Print this

create prints the token, once, on standard output; only its hash is kept.
`;

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      role: { type: 'string' },
      name: { type: 'string' },
      data: { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return EXIT_OK;
  }
  const { env } = process;
  const folder = resolve(values.data ?? (env.TACHOGRAPH_COLLECTOR_DATA || defaultDataFolder(env)));
  const [action, id, ...others] = positionals;
  if (others.length > 0 || (id !== undefined && action !== 'revoke')) {
    throw new UsageError('expected create, list or revoke ID, got more.');
  }
  switch (action) {
    case 'create':
      return create(folder, roleOf(values.role), nameOf(values.name));
    case 'list':
      return list(folder, values.json === true);
    case 'revoke':
      return revoke(folder, id);
    default:
      throw new UsageError(`expected create, list or revoke, got ${quoted(action)}.`);
  }
}

function create(folder: string, role: Role, name: string): number {
  makeDataFolder(folder);
  const { token, entry } = createToken(folder, role, name, Date.now());
  process.stderr.write(`Token ${entry.id}, for ${role}. It is not shown again:\n`);
  process.stdout.write(`${token}\n`);
  return EXIT_OK;
}

function list(folder: string, asJson: boolean): number {
  const tokens = readTokens(folder) ?? [];
  if (asJson) {
    const shown = tokens.map(({ id, name, role, createdMs }) => ({ id, name, role, createdMs }));
    process.stdout.write(`${JSON.stringify(shown, null, 2)}\n`);
    return EXIT_OK;
  }
  if (tokens.length === 0) {
    process.stderr.write('No tokens. Make one: tachograph token create --role write\n');
    return EXIT_OK;
  }
  process.stdout.write(tokens.map(lineOf).join(''));
  return EXIT_OK;
}

function lineOf({ id, role, createdMs, name }: TokenEntry): string {
  const day = new Date(createdMs).toISOString().slice(0, 10);
  return `${id}  ${role.padEnd(5)}  ${day}  ${name}`.trimEnd().concat('\n');
}

function revoke(folder: string, id: string | undefined): number {
  if (id === undefined) throw new UsageError('expected the id of a token, got none.');
  if (revokeToken(folder, id)) {
    process.stderr.write(`Token ${id} is revoked.\n`);
    return EXIT_OK;
  }
  process.stderr.write(
    `tachograph: no token has the id ${quoted(id)}. Try: tachograph token list\n`,
  );
  return EXIT_NO_DATA;
}

function roleOf(text: string | undefined): Role {
  const role = ROLES.find((known) => known === text);
  if (role !== undefined) return role;
  throw new UsageError(`expected --role ${ROLES.join(', ')}, got ${quoted(text)}.`);
}

/** Shown in terminals: without control characters, which could rewrite what stands there. */
function nameOf(name = ''): string {
  if (name.length <= NAME_LENGTH_MAX && !/\p{C}/u.test(name)) return name;
  throw new UsageError(`expected a name of at most ${NAME_LENGTH_MAX} printable characters.`);
}

function quoted(text: string | undefined): string {
  return text === undefined ? 'nothing' : JSON.stringify(text.slice(0, NAME_LENGTH_MAX));
}
