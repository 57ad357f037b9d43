/** Connections by address and network, without sockets: nobody has so many addresses here. */
import { EventEmitter } from 'node:events';
import type { Server } from 'node:http';
import { beforeEach, describe, expect, it } from 'vitest';
import { networkOf } from '../../../src/collector/http/network-of.js';
import { limitConnections, SERVER_LIMITS } from '../../../src/collector/http/server-limits.js';

let server: EventEmitter;
let log: string[];
beforeEach(() => {
  server = new EventEmitter();
  log = [];
  const limits = { ...SERVER_LIMITS, connectionsPerAddressMax: 2, connectionsPerNetworkMax: 3 };
  limitConnections(server as Server, limits, (line) => log.push(line));
});

interface Connection {
  readonly isKept: boolean;
  end(): void;
}

function connect(remoteAddress: string): Connection {
  let isKept = true;
  const socket = Object.assign(new EventEmitter(), {
    remoteAddress,
    destroy: () => {
      isKept = false;
    },
  });
  server.emit('connection', socket);
  return { isKept, end: () => socket.emit('close') };
}

const kept = (...addresses: string[]): boolean[] =>
  addresses.map((address) => connect(address).isKept);

describe('a connection past those of its address', () => {
  it('is closed, and said once', () => {
    expect(kept('192.0.2.1', '192.0.2.1', '192.0.2.1', '192.0.2.1')).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(kept('192.0.2.2', '127.0.0.1', '127.0.0.1', '127.0.0.1')).not.toContain(false);
    expect(log).toEqual([
      'tachograph collector: 2 connections of 192.0.2.1 are open; more are closed at once.',
    ]);
  });

  it('is closed when it comes from another address of a full IPv6 network', () => {
    const ends = ['2001:db8::1', '2001:db8::2', '2001:db8:0:0:5::'].map(connect);
    expect(ends.map(({ isKept }) => isKept)).toEqual([true, true, true]);
    expect(kept('2001:db8::4', '2001:db8:0:1::4')).toEqual([false, true]);
    expect(log).toEqual([expect.stringContaining('3 connections of 2001:db8:0:0::/64 are open')]);
    ends[0]!.end();
    expect(kept('2001:db8::4', '2001:db8::5')).toEqual([true, false]);
  });

  it('fills no log, however many addresses there are', () => {
    for (let i = 0; i < 1000; i++) {
      const address = `198.51.${i >> 8}.${i & 255}`;
      kept(address, address, address);
    }
    expect(log).toHaveLength(100);
  });

  it('is said when it is past those of all', () => {
    for (let i = 0; i < 3; i++) server.emit('drop');
    expect(log).toEqual([expect.stringContaining('2000 connections of all clients')]);
  });
});

describe('the network of an address', () => {
  it.each([
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8::', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::ffff:192.0.2.1', undefined],
    ['192.0.2.1', undefined],
    ['', undefined],
  ])('of %s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
