/** ioredis: a reading and a writing. */
import { Redis } from 'ioredis';

export async function open({ url }) {
  const client = new Redis(url);
  await client.set('name', 'a');
  return {
    select: () => client.get('name'),
    join: () => client.set('name', 'b'),
    close: () => client.quit(),
  };
}
