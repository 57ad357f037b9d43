/**
 * The client of Prisma, which is generated code. Its generator runs in this process's Node and needs no binary;
 * it downloads an engine for migrations all the same unless the environment names one, which it does not start.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const GENERATE_MS_MAX = 60_000;
const SCHEMA = `
datasource db {
  provider = "postgresql"
}
generator client {
  provider   = "prisma-client-js"
  engineType = "client"
}
model author {
  id    Int    @id @default(autoincrement())
  name  String
  books book[]
}
model book {
  id        Int    @id @default(autoincrement())
  title     String
  author_id Int
  author    author @relation(fields: [author_id], references: [id])
}
`;

/**
 * @param {string} folder With the packages of Prisma; the client is generated into them, once.
 * @throws {Error} with what the generator said.
 */
export function generatePrismaClient(folder) {
  if (existsSync(join(folder, 'node_modules/.prisma/client/index.js'))) return;
  writeFileSync(join(folder, 'schema.prisma'), SCHEMA);
  const { status, stderr } = spawnSync(
    process.execPath,
    ['node_modules/prisma/build/index.js', 'generate'],
    {
      cwd: folder,
      env: {
        ...process.env,
        PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
        CHECKPOINT_DISABLE: '1',
      },
      stdio: ['ignore', 'ignore', 'pipe'],
      encoding: 'utf8',
      timeout: GENERATE_MS_MAX,
    },
  );
  if (status !== 0) throw new Error(`expected a client from Prisma's generator: ${stderr}`);
}
