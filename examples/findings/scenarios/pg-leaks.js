/**
 * Connections of pg-pool that are not given back. A pool's first is told without its line, so each scenario loses one
 * with every fifth request, for as long as that takes. Comments as in pg.js.
 */
import pg from 'pg';
import { nowAndThen } from '../now-and-then.js';

const USED_EVERY_MS = 5000;

export async function open({ connectionsMax: _max, kind: _, ...place }) {
  const pools = [];
  const lost = [];
  const newPool = () => {
    const pool = new pg.Pool({ ...place, max: 20 });
    pools.push(pool);
    return pool;
  };
  const close = async () => {
    for (const client of lost) client.release();
    await Promise.all(pools.map((pool) => pool.end()));
  };
  return { scenarios: scenariosOf(newPool, (client) => lost.push(client)), close };
}

function scenariosOf(newPool, lose) {
  const [forgetful, failing, calledBack, careful, subscribed] = Array.from({ length: 5 }, newPool);
  let subscriber;
  return {
    forgotten: nowAndThen(async () => {
      const client = await forgetful.connect(); // finds forgotten connection_leak
      lose(client);
      await client.query('SELECT name FROM author WHERE id = $1', [1]);
    }),
    'lost-by-an-error': nowAndThen(async () => {
      const client = await failing.connect(); // finds lost-by-an-error connection_leak
      lose(client);
      try {
        await client.query('SELECT 1 / $1::int', [0]);
        client.release();
      } catch {
        // Nobody thinks of the connection here.
      }
    }),
    'called-back': nowAndThen(
      () =>
        new Promise((resolve, reject) => {
          const given = (error, client) => {
            if (error) return reject(error);
            lose(client);
            resolve();
          };
          calledBack.connect(given); // finds called-back connection_leak
        }),
    ),
    'given-back': async () => {
      const client = await careful.connect();
      try {
        await client.query('SELECT name FROM author WHERE id = $1', [2]);
      } finally {
        client.release();
      }
    },
    'in-use-for-long': async () => {
      if (subscriber !== undefined) return;
      subscriber = await subscribed.connect();
      lose(subscriber);
      setInterval(() => subscriber.query('SELECT count(*) FROM note'), USED_EVERY_MS).unref();
    },
  };
}
