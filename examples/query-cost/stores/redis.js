/** node-redis: a reading and a writing. */
import { createClient } from 'redis';

export async function open({ url }) {
  const client = createClient({ url });
  await client.connect();
  await client.set('name', 'a');
  return {
    select: () => client.get('name'),
    join: () => client.set('name', 'b'),
    close: () => client.close(),
  };
}
