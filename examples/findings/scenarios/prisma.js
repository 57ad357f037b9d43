/** Prisma without an engine, over pg. Comments as in pg.js. */
import { PrismaPg } from '@prisma/adapter-pg';
import prisma from '@prisma/client';

export async function open({ connectionsMax, kind: _, ...place }) {
  const client = new prisma.PrismaClient({
    adapter: new PrismaPg({ ...place, max: connectionsMax }),
  });
  return { scenarios: scenariosOf(client), close: () => client.$disconnect() };
}

function scenariosOf(client) {
  const all = () => client.author.findMany({ orderBy: { id: 'asc' } });
  return {
    sequential: async () => {
      for (const { id } of await all()) {
        await client.book.findMany({ where: { author_id: id } }); // finds sequential n_plus_one
      }
    },
    parallel: async () => {
      const ask = async (id) => {
        return await client.book.findMany({ where: { author_id: id }, select: { id: true } }); // finds parallel n_plus_one
      };
      await Promise.all((await all()).map(({ id }) => ask(id)));
    },
    eager: () => client.author.findMany({ include: { books: true } }),
    batched: async () => {
      const ids = (await all()).map(({ id }) => id);
      await client.book.findMany({ where: { author_id: { in: ids } } });
    },
    duplicate: async () => {
      for (let i = 0; i < 4; i++) {
        await client.author.findFirst({ where: { id: 7 } }); // finds duplicate duplicate_query
      }
    },
    'single-inserts': async () => {
      for (let i = 0; i < 8; i++) {
        await client.book.create({ data: { title: `n${i}`, author_id: 1 } }); // finds single-inserts single_row_writes
      }
    },
    'bulk-insert': () =>
      client.book.createMany({
        data: [
          { title: 'a', author_id: 1 },
          { title: 'b', author_id: 2 },
        ],
      }),
    'single-updates': async () => {
      for (const { id } of await all()) {
        await client.author.updateMany({ where: { id }, data: { name: 'n' } }); // finds single-updates n_plus_one_write
      }
    },
  };
}
