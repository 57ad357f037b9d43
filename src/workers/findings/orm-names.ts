/** ORMs and query builders by the packages whose frames stand between the application and a driver. Pure. */
import type { StackFrame } from '../../shared/worker-protocol.js';

/** Those first that stand on others: the application speaks to the first that is there. */
const ORMS: readonly (readonly [packages: RegExp, name: string])[] = [
  [/^objection$/, 'objection'],
  [/^@mikro-orm\//, 'mikro-orm'],
  [/^typeorm$/, 'typeorm'],
  [/^sequelize$|^@sequelize\//, 'sequelize'],
  [/^@prisma\/|^\.prisma$/, 'prisma'],
  [/^drizzle-orm$/, 'drizzle'],
  [/^kysely$/, 'kysely'],
  [/^mongoose$/, 'mongoose'],
  [/^bookshelf$/, 'bookshelf'],
  [/^knex$/, 'knex'],
];
const FOLDER = /[\\/]node_modules[\\/]/;
const NAME = /^(?:@[^\\/]+[\\/])?[^\\/]+/;

export function ormOf(frames: readonly StackFrame[]): string | undefined {
  const packages = new Set(frames.map(([, file]) => packageOf(file)));
  return ORMS.find(([pattern]) => [...packages].some((name) => pattern.test(name)))?.[1];
}

/** The innermost, for packages lie in packages; empty of the application's own files. */
function packageOf(file: string): string {
  const [, ...inside] = file.split(FOLDER);
  return NAME.exec(inside.at(-1) ?? '')?.[0]?.replace('\\', '/') ?? '';
}
