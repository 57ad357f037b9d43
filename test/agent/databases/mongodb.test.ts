/** mongodb and mongoose against a peer that speaks the wire protocol: as many commands of each name as it counted. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type MongoPeer, startMongoPeer } from '../../support/mongo-peer/mongo-peer.js';
import { countOf } from '../../support/run-app.js';
import { exactly, NODES, operations, queriesByRoute, serve } from './served.js';
import { commandsOfRequests } from './served-stores.js';

let peer: MongoPeer;
beforeAll(async () => {
  peer = await startMongoPeer();
});
afterAll(() => peer.stop());
beforeEach(() => peer.reset());

describe.each(NODES)('$version', ({ node }) => {
  it.each(['mongodb', 'mongoose'])('%s: as many commands as the peer counted', async (driver) => {
    const env = {
      TACHOGRAPH_TRACE_SAMPLE: '1',
      LINGER_MS: '1500',
      TACHOGRAPH_SAMPLE_INTERVAL: '500ms',
    };
    const { lines, expected } = await serve(driver, peer.url, { node, env });
    const served = { ...peer.counts };
    const recorded = Object.fromEntries(
      Object.keys(served).map((name) => [
        name,
        operations(lines, { 'db.operation.name': name, 'db.system.name': 'mongodb' }),
      ]),
    );
    // The driver says goodbye of its own accord.
    delete served.endSessions;
    delete recorded.endSessions;
    expect(recorded).toEqual(served);
    expect(queriesByRoute(lines)).toEqual(exactly(expected));
    const requests = commandsOfRequests(lines, expected, 'mongodb');
    expect(requests.length).toBeGreaterThan(5);
    for (const { recorded: inTrace, sent } of requests) expect(inTrace).toEqual(sent);

    const all = operations(lines, { 'db.system.name': 'mongodb' });
    expect(countOf(lines, 'db.client.connection.wait_time')).toBeGreaterThanOrEqual(all);
    const max = lines.filter(({ name }) => name === 'db.client.connection.max');
    expect(new Set(max.map((line) => line.max))).toEqual(new Set([5]));
    const transactions = (outcome: string): number =>
      countOf(lines, 'tachograph.db.transaction.duration', {
        'tachograph.db.transaction.outcome': outcome,
      });
    expect(transactions('commit')).toBe(expected.transaction!.asked);
    expect(transactions('rollback')).toBe(expected.aborted?.asked ?? 0);
    if (driver !== 'mongodb') return;
    const of = (collection: string, code?: string): number =>
      operations(lines, {
        'db.collection.name': collection,
        ...(code === undefined ? {} : { 'error.type': code }),
      });
    expect(of('people', '11000')).toBe(expected.refused!.asked);
    expect(of('people', '2')).toBe(expected.failing!.asked);
    expect(of('bulk')).toBe(3 * expected.bulk!.asked);
    const simple = { 'tachograph.db.query.class': 'simple' };
    expect(operations(lines, simple)).toBe(
      (served.find ?? 0) + (served.getMore ?? 0) + (served.distinct ?? 0),
    );
  });
});
