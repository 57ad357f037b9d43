/** What a collector says of a producer's service: each id with its count, and the loss accounts. */
import type { ProcessAccount } from '../../../src/collector/query/ledger.js';
import { addressOf, idOf, portOf } from '../../fixtures/apps/oracle-ids.mjs';

const METRIC = 'http.client.request.duration';
const ANSWER_TIMEOUT_MS = 20_000;
/** A window lies wrong by as much as its sender's clock was set before it sent it; a day is what tests set. */
const FROM = '-2d';
/** More than the ids of a shard. */
const GROUPS_MAX = 500;

interface Answer {
  readonly groups: readonly {
    readonly attributes: Readonly<Record<string, string>>;
    readonly total: { readonly count: number };
  }[];
}

/** How often each id is there, of `ids` that may be. */
export async function countsOf(
  url: string,
  service: string,
  ids: number,
): Promise<Map<number, number>> {
  const counts = new Map<number, number>();
  const ports = new Set(Array.from({ length: ids }, (_, id) => portOf(id)));
  for (const port of ports) {
    for (const { attributes, total } of await groupsOf(url, service, `server.port:${port}`)) {
      const id = idOf(attributes['server.address'] ?? '');
      if (id !== undefined) counts.set(id, (counts.get(id) ?? 0) + total.count);
    }
  }
  return counts;
}

export async function hasId(url: string, service: string, id: number): Promise<boolean> {
  return (await groupsOf(url, service, `server.address:${addressOf(id)}`)).length > 0;
}

export async function accountsOf(url: string, service: string): Promise<readonly ProcessAccount[]> {
  const answer = await ask(url, '/v1/ledger', { service });
  return ((await answer.json()) as { processes: ProcessAccount[] }).processes;
}

async function groupsOf(url: string, service: string, where: string): Promise<Answer['groups']> {
  const answer = await ask(url, '/v1/query', {
    metric: METRIC,
    service,
    where,
    group: 'server.address',
    from: FROM,
    limit: String(GROUPS_MAX),
  });
  // Nothing of that metric has arrived.
  if (answer.status === 404) return [];
  return ((await answer.json()) as Answer).groups;
}

async function ask(
  url: string,
  path: string,
  params: Readonly<Record<string, string>>,
): Promise<Response> {
  const answer = await fetch(`${url}${path}?${new URLSearchParams(params)}`, {
    signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
  });
  if (answer.ok || answer.status === 404) return answer;
  throw new Error(`expected an answer to ${path}, got ${answer.status}: ${await answer.text()}`);
}
