/**
 * A TCP proxy that harms what passes it: the network faults of tests, since ordinary containers have no
 * `tc netem`. A fault can be changed at any time and concerns open connections too, from their next
 * byte on; what a connection has lost by then stays lost, as on a real line.
 *
 * Owns its listener and its links. Bounded: CONNECTIONS_MAX at a time, and per connection what sockets
 * buffer, plus DUPLICATE_BYTES_MAX (`link.ts`).
 */
import { createServer, type Server, type Socket } from 'node:net';
import { seeded } from '../seeded.js';
import type { Fault, SimpleFault } from './fault.js';
import { Link, type LinkHost } from './link.js';

const CONNECTIONS_MAX = 256;
const NONE: Fault = { kind: 'none' };

export interface ProxyOptions {
  /** Port of the server behind it, on 127.0.0.1. */
  readonly target: number;
  /** 0, or none, takes a free one. */
  readonly port?: number;
  readonly seed?: number;
}

export class FaultProxy implements LinkHost {
  target: number;
  /** Connections accepted, and how often a fault was done to one. */
  connections = 0;
  faults = 0;
  /** Called with each chunk on its way up, before anything is done with it. */
  onRequestBytes: () => void = () => undefined;
  readonly #server: Server;
  readonly #random: () => number;
  readonly #links = new Set<Link>();
  #fault: Fault = NONE;
  #epoch = 0;

  private constructor({ target, seed = 1 }: ProxyOptions) {
    this.target = target;
    this.#random = seeded(seed);
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
      this.#accept(socket),
    );
  }

  static async start(options: ProxyOptions): Promise<FaultProxy> {
    const proxy = new FaultProxy(options);
    await new Promise<void>((resolve, reject) => {
      proxy.#server.once('error', reject);
      proxy.#server.listen(options.port ?? 0, '127.0.0.1', resolve);
    });
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Counts changes: links count the bytes of a fault from its beginning. */
  get epoch(): number {
    return this.#epoch;
  }

  set(fault: Fault): void {
    this.#fault = fault;
    this.#epoch += 1;
  }

  heal(): void {
    this.set(NONE);
  }

  /** The fault for one link; drawn where it is a matter of chance. */
  drawFault(): SimpleFault {
    const fault = this.#fault;
    if (fault.kind !== 'sometimes') return fault;
    return this.#random() < fault.share ? fault.fault : { kind: 'none' };
  }

  countFault(): void {
    this.faults += 1;
  }

  async close(): Promise<void> {
    for (const link of this.#links) link.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #accept(socket: Socket): void {
    this.connections += 1;
    if (this.#links.size >= CONNECTIONS_MAX) {
      socket.destroy();
      return;
    }
    const link = new Link(socket, this);
    this.#links.add(link);
    socket.on('close', () => this.#links.delete(link));
  }
}
