/** What was recorded of each statement beside what the server counted of it. Pure. */

/**
 * @typedef {object} Measured
 * @property {number} calls
 * @property {number} totalMs
 */

/**
 * @param {readonly Record<string, any>[]} points What the file destination wrote.
 * @returns {Map<string, Measured>} By text. Failed queries are left out: the server forgets them.
 */
export function recordedTimes(points) {
  const times = new Map();
  for (const point of points) {
    if (point.name !== 'db.client.operation.duration' || point['error.type']) continue;
    if (point['db.system.name'] !== 'postgresql') continue;
    add(times, point['db.query.text'], point.count, point.sum * 1000);
  }
  return times;
}

/**
 * @param {readonly { query: string, calls: number, ms: number }[]} rows Of pg_stat_statements.
 * @param {(sql: string) => string} textOf What we know a statement by; several of the server's may have one text.
 * @returns {Map<string, Measured>}
 */
export function serverTimes(rows, textOf) {
  const times = new Map();
  for (const { query, calls, ms } of rows) {
    add(times, textOf(query), calls, ms);
  }
  return times;
}

/**
 * @param {Map<string, Measured>} recorded
 * @param {Map<string, Measured>} counted
 * @returns Rows, those first that took longest: `share` is what is not the server's of the recorded time.
 */
export function compared(recorded, counted) {
  const nothing = { calls: 0, totalMs: 0 };
  const texts = [...new Set([...recorded.keys(), ...counted.keys()])];
  return texts
    .map((text) => {
      const client = recorded.get(text) ?? nothing;
      const server = counted.get(text) ?? nothing;
      return { text, client, server, ...differenceOf(client, server) };
    })
    .sort((a, b) => b.client.totalMs - a.client.totalMs);
}

/** All rows as one. */
export function summed(rows) {
  const sum = (side) => ({
    calls: rows.reduce((all, row) => all + row[side].calls, 0),
    totalMs: rows.reduce((all, row) => all + row[side].totalMs, 0),
  });
  const [client, server] = [sum('client'), sum('server')];
  return { text: 'all', client, server, ...differenceOf(client, server) };
}

function differenceOf(client, server) {
  const clientMs = client.totalMs / client.calls;
  const serverMs = server.totalMs / server.calls;
  return { clientMs, serverMs, share: (clientMs - serverMs) / clientMs };
}

function add(times, text, calls, totalMs) {
  const known = times.get(text) ?? { calls: 0, totalMs: 0 };
  times.set(text, { calls: known.calls + calls, totalMs: known.totalMs + totalMs });
}
