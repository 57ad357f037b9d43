/**
 * Every probe of the agent, by name, in the order in which they start; after them come the adapters
 * (./adapter-table.ts), of which several make up one probe.
 */
import type { Adapter } from './adapter.js';
import { ADAPTERS } from './adapter-table.js';
import type { Probe } from './probe.js';
import { commandProbe } from './probes/command.js';
import { eventLoopProbe } from './probes/event-loop.js';
import { gcProbe } from './probes/gc.js';
import { httpClientProbe } from './probes/http-client.js';
import { httpServerProbe } from './probes/http-server.js';
import { http2ServerProbe } from './probes/http2-server.js';
import { memoryProbe } from './probes/memory.js';
import { netProbe } from './probes/net.js';
import { undiciProbe } from './probes/undici.js';
import { userTimingProbe } from './probes/user-timing.js';

export const PROBES: readonly Probe[] = [
  httpServerProbe,
  http2ServerProbe,
  httpClientProbe,
  undiciProbe,
  netProbe,
  eventLoopProbe,
  gcProbe,
  memoryProbe,
  userTimingProbe,
  commandProbe,
];

export interface Selection {
  readonly probes: readonly Probe[];
  readonly adapters: readonly Adapter[];
  /** Names that are no probe's. */
  readonly unknown: readonly string[];
}

/** `all`, names, and `-name` to leave one out; only exclusions mean all the others. */
export function selectProbes(names: readonly string[]): Selection {
  const excluded = names.filter((name) => name.startsWith('-')).map((name) => name.slice(1));
  const included = names.filter((name) => !name.startsWith('-'));
  const isAll = included.length === 0 || included.includes('all');
  const isSelected = (name: string): boolean =>
    (isAll || included.includes(name)) && !excluded.includes(name);
  const known = new Set([...PROBES.map(({ name }) => name), ...ADAPTERS.map(({ probe }) => probe)]);
  return {
    probes: PROBES.filter(({ name }) => isSelected(name)),
    adapters: ADAPTERS.filter(({ probe }) => isSelected(probe)),
    unknown: [...included, ...excluded].filter((name) => name !== 'all' && !known.has(name)),
  };
}
