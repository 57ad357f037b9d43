/** What stores themselves say of the commands they were asked, and what was recorded of them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { Line } from '../../support/run-app.js';
import { spansOf } from '../../support/spans-of.js';
import { operations, type Served } from './served.js';

/** How often the servers were asked each command while `work` ran. */
export async function counted(
  urls: readonly string[],
  work: () => Promise<void>,
): Promise<Readonly<Record<string, number>>> {
  const servers = urls.map((url) => new Redis(url));
  const counts: Record<string, number> = {};
  try {
    for (const server of servers) await server.call('CONFIG', 'RESETSTAT');
    await work();
    for (const server of servers) {
      const stats = await server.info('commandstats');
      for (const [, name = '', n] of stats.matchAll(/cmdstat_(\w+):calls=(\d+)/g)) {
        counts[name.toUpperCase()] = (counts[name.toUpperCase()] ?? 0) + Number(n);
      }
    }
  } finally {
    for (const server of servers) server.disconnect();
  }
  return counts;
}

/** Of `stats` and of what was recorded, those of `names`. */
export function commandsOf(
  names: readonly string[],
  lines: readonly Line[],
  stats: Readonly<Record<string, number>>,
): { recorded: Record<string, number>; served: Record<string, number> } {
  const recorded: Record<string, number> = {};
  const served: Record<string, number> = {};
  for (const name of names) {
    served[name] = stats[name] ?? 0;
    recorded[name] = operations(lines, { 'db.operation.name': name, 'db.system.name': 'redis' });
  }
  return { recorded, served };
}

/** Reads of `cache` by result, as they were recorded. */
export function readsOf(lines: readonly Line[], cache: string): { hit: number; miss: number } {
  const reads = (result: string): number =>
    lines
      .filter((line) => line.name === 'tachograph.cache.operations')
      .filter((line) => line['tachograph.cache.name'] === cache)
      .filter((line) => line['tachograph.cache.result'] === result)
      .reduce((sum, line) => sum + Number(line.value), 0);
  return { hit: reads('hit'), miss: reads('miss') };
}

/** The same, as the application knows it. */
export function readsExpected(expected: Served['expected']): { hit: number; miss: number } {
  const reads = { hit: 0, miss: 0 };
  for (const { asked, hits = 0, misses = 0 } of Object.values(expected)) {
    reads.hit += asked * hits;
    reads.miss += asked * misses;
  }
  return reads;
}

/** Of each kept request of a route whose commands are known: what it was asked, and what is in its trace. */
export function commandsOfRequests(
  lines: readonly Line[],
  expected: Served['expected'],
  system: string,
): { route: string; recorded: string[]; sent: string[] }[] {
  return lines
    .filter(({ name }) => name === 'tachograph.trace')
    .map((line) => {
      const route = String(line['http.route']).slice(1);
      const recorded = spansOf(line)
        .filter(({ attributes }) => attributes['db.system.name'] === system)
        .map(({ attributes }) => attributes['db.operation.name'] ?? '');
      return {
        route,
        recorded: recorded.sort(),
        sent: [...(expected[route]?.commands ?? [])].sort(),
      };
    })
    .filter(({ sent }) => sent.length > 0);
}

/** Makes one cluster of two nodes that have no slots yet. */
export async function formCluster(urls: readonly [string, string]): Promise<void> {
  const nodes = urls.map((url) => new Redis(url));
  const [first, second] = nodes as [Redis, Redis];
  await first.cluster('ADDSLOTSRANGE', 0, 8191);
  await second.cluster('ADDSLOTSRANGE', 8192, 16_383);
  const { hostname, port } = new URL(urls[1]);
  const [, busPort] = (await second.call('CONFIG', 'GET', 'cluster-port')) as string[];
  await first.call('CLUSTER', 'MEET', hostname, port, String(busPort));
  for (const node of nodes) {
    while (!String(await node.cluster('INFO')).includes('cluster_state:ok')) await sleep(20);
    node.disconnect();
  }
}
