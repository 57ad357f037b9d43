/**
 * The Elastic APM server's intake v2: newline-delimited JSON. Transactions of type request are requests. The agent
 * also asks for the server's version and for central configuration, of which there is none.
 */

/** @type {import('./sink.js').Protocol} */
export const ELASTIC = {
  reportsIdle: false,
  createReader: () => (exported, received) => {
    const { method, path, body } = exported;
    if (method === 'GET' && path === '/') return { json: { version: '8.17.0' } };
    if (path === '/config/v1/agents') return { status: 404 };
    if (method !== 'POST' || path !== '/intake/v2/events') {
      throw new Error(`expected POST /intake/v2/events, got ${method} ${path}`);
    }
    const events = body
      .toString('utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    if (events[0]?.metadata === undefined) throw new Error('expected metadata in the first line');
    received.batches += 1;
    for (const { transaction } of events) {
      if (transaction?.type === 'request') received.requests += 1;
    }
    return { status: 202 };
  },
};
