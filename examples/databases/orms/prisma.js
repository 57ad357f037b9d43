/** Prisma: its client without an engine over pg, an include, an interactive transaction. */
import { PrismaPg } from '@prisma/adapter-pg';
import prisma from '@prisma/client';

export async function open({ connectionsMax, kind, ...place }) {
  const adapter = new PrismaPg({ ...place, max: connectionsMax });
  const client = new prisma.PrismaClient({ adapter });
  // A pool of five has to serve twenty requests on a machine that may be busy.
  const patient = { maxWait: 30_000, timeout: 30_000 };
  return {
    insert: (name) => client.author.create({ data: { name } }),
    select: () => client.author.findMany({ orderBy: { id: 'asc' }, take: 5 }),
    join: () => client.book.findMany({ include: { author: true }, take: 5 }),
    transaction: (name, title) =>
      client.$transaction(async (tx) => {
        const { id } = await tx.author.create({ data: { name } });
        await tx.book.create({ data: { title, author_id: id } });
        await tx.author.update({ where: { id }, data: { name: title } });
      }, patient),
    insertTaken: () => client.author.create({ data: { id: 1, name: 'taken' } }),
    close: () => client.$disconnect(),
  };
}
