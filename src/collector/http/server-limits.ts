/**
 * Limits against clients that are slow on purpose or come too often, set on the server before it
 * listens. Runs on the collector's main thread. What is remembered is one number for each address, and
 * for each IPv6 network, that has a connection open, and SAID_MAX names of those that had too many.
 */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { isLoopback } from '../../shared/host-name.js';
import { networkOf } from './network-of.js';

export interface ServerLimits {
  /** From the first byte of a request, or the beginning of a new connection, to the end of its head. */
  readonly headersTimeoutMs: number;
  /** To the end of its body. */
  readonly requestTimeoutMs: number;
  /** How often the two are looked at. */
  readonly checkMs: number;
  /** A connection on which nothing moves, not even an answer that nobody fetches. */
  readonly idleMs: number;
  /** Between two requests. */
  readonly keepAliveMs: number;
  readonly connectionsMax: number;
  readonly connectionsPerAddressMax: number;
  /** From an IPv6 network (/64), which has more addresses than anybody could use up. */
  readonly connectionsPerNetworkMax: number;
  /** Addresses that only the total limits. */
  readonly isExempt: (address: string) => boolean;
}

export const SERVER_LIMITS: ServerLimits = {
  // A head of a few hundred bytes and a body of 1 MiB at most.
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  checkMs: 2000,
  // The heaviest query, a year of every series, takes less.
  idleMs: 120_000,
  // Above the agents' window of 10 s, so that they keep their connection.
  keepAliveMs: 75_000,
  connectionsMax: 2000,
  // An agent has one. 500 processes behind one address are a large host or a cluster's gateway.
  connectionsPerAddressMax: 500,
  // Half of all: the hosts of one LAN share a /64, and so do the addresses of one attacker.
  connectionsPerNetworkMax: 1000,
  // All that comes by a reverse proxy or a service mesh on this machine has its address.
  isExempt: (address) => isLoopback(address.replace(/^::ffff:/, '')),
};

/** Said once each, and no more than so many of them: an attacker must not fill the log. */
const SAID_MAX = 100;

/** For node:http's `createServer`: it has no setters for all of them. */
export function serverOptionsOf(limits: ServerLimits): Readonly<Record<string, number>> {
  return {
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    connectionsCheckingInterval: limits.checkMs,
    keepAliveTimeout: limits.keepAliveMs,
  };
}

/** @param log is told of the first connection that is refused to each address or network */
export function limitConnections(
  server: Server,
  limits: ServerLimits,
  log: (line: string) => void,
): void {
  server.maxConnections = limits.connectionsMax;
  server.timeout = limits.idleMs;
  const open = new Map<string, number>();
  const said = new Set<string>();

  function sayFull({ whose, max }: Place): void {
    if (said.has(whose) || said.size >= SAID_MAX) return;
    said.add(whose);
    log(`tachograph collector: ${max} connections of ${whose} are open; more are closed at once.`);
  }

  function leave({ whose }: Place): void {
    const left = (open.get(whose) ?? 1) - 1;
    if (left === 0) open.delete(whose);
    else open.set(whose, left);
  }

  server.on('drop', () => sayFull({ whose: 'all clients', max: limits.connectionsMax }));
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? '';
    if (limits.isExempt(address)) return;
    const places = placesOf(address, limits);
    const full = places.find(({ whose, max }) => (open.get(whose) ?? 0) >= max);
    if (full !== undefined) {
      sayFull(full);
      socket.destroy();
      return;
    }
    for (const { whose } of places) open.set(whose, (open.get(whose) ?? 0) + 1);
    socket.once('close', () => {
      for (const place of places) leave(place);
    });
  });
}

/** A number of connections that an address takes one of. */
interface Place {
  readonly whose: string;
  readonly max: number;
}

function placesOf(address: string, limits: ServerLimits): readonly Place[] {
  const own = { whose: address, max: limits.connectionsPerAddressMax };
  const network = networkOf(address);
  if (network === undefined) return [own];
  return [own, { whose: network, max: limits.connectionsPerNetworkMax }];
}
