/** Connections of mysql2's pools, in both of its interfaces, that are not given back. As in pg-leaks.js. */
import callbacks from 'mysql2';
import mysql from 'mysql2/promise';
import { nowAndThen } from '../now-and-then.js';

const USED_EVERY_MS = 5000;

export async function open({ connectionsMax: _max, kind: _, ...place }) {
  const pools = [];
  const lost = [];
  const newPool = (library = mysql) => {
    const pool = library.createPool({ ...place, connectionLimit: 20 });
    pools.push(pool);
    return pool;
  };
  const close = async () => {
    for (const connection of lost) connection.destroy();
    for (const pool of pools) await (pool.promise?.() ?? pool).end();
  };
  return { scenarios: scenariosOf(newPool, (connection) => lost.push(connection)), close };
}

function scenariosOf(newPool, lose) {
  const [forgetful, failing, careful, subscribed] = Array.from({ length: 4 }, () => newPool());
  const calledBack = newPool(callbacks);
  let subscriber;
  return {
    forgotten: nowAndThen(async () => {
      const connection = await forgetful.getConnection(); // finds forgotten connection_leak
      lose(connection);
      await connection.query('SELECT name FROM author WHERE id = ?', [1]);
    }),
    'lost-by-an-error': nowAndThen(async () => {
      const connection = await failing.getConnection(); // finds lost-by-an-error connection_leak
      lose(connection);
      try {
        await connection.query('SELECT nothing FROM author');
        connection.release();
      } catch {
        // Nobody thinks of the connection here.
      }
    }),
    'called-back': nowAndThen(
      () =>
        new Promise((resolve, reject) => {
          const given = (error, connection) => {
            if (error) return reject(error);
            lose(connection);
            resolve();
          };
          calledBack.getConnection(given); // finds called-back connection_leak
        }),
    ),
    'given-back': async () => {
      const connection = await careful.getConnection();
      await connection.query('SELECT name FROM author WHERE id = ?', [2]);
      connection.release();
    },
    'in-use-for-long': async () => {
      if (subscriber !== undefined) return;
      subscriber = await subscribed.getConnection();
      lose(subscriber);
      setInterval(() => subscriber.query('SELECT count(*) FROM note'), USED_EVERY_MS).unref();
    },
  };
}
