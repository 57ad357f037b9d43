/**
 * Limits against clients that are slow on purpose or come too often, set on the server before it
 * listens. Runs on the collector's main thread. What is remembered is one number for each address that
 * has a connection open.
 */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { isLoopback } from './access.js';

export interface ServerLimits {
  /** From the first byte of a request to the end of its head. */
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
  // All that comes by a reverse proxy or a service mesh on this machine has its address.
  isExempt: (address) => isLoopback(address.replace(/^::ffff:/, '')),
};

/** For node:http's `createServer`: it has no setters for all of them. */
export function serverOptionsOf(limits: ServerLimits): Readonly<Record<string, number>> {
  return {
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    connectionsCheckingInterval: limits.checkMs,
    keepAliveTimeout: limits.keepAliveMs,
  };
}

export function limitConnections(server: Server, limits: ServerLimits): void {
  server.maxConnections = limits.connectionsMax;
  server.timeout = limits.idleMs;
  const open = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? '';
    if (limits.isExempt(address)) return;
    const count = open.get(address) ?? 0;
    if (count >= limits.connectionsPerAddressMax) {
      socket.destroy();
      return;
    }
    open.set(address, count + 1);
    socket.once('close', () => {
      const left = (open.get(address) ?? 1) - 1;
      if (left === 0) open.delete(address);
      else open.set(address, left);
    });
  });
}
