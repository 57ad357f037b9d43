/**
 * One connection through the fault proxy: the client's socket, the server's, and what the fault of the
 * moment does to each chunk. The server's is opened with the first byte that may reach it.
 *
 * Bounded: a chunk is read when the one before it is done with, so no more waits than sockets buffer.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Direction, SimpleFault } from './fault.js';

/** Of a request that is sent twice; a longer one is sent once. */
const DUPLICATE_BYTES_MAX = 4 * 1024 * 1024;
/** A slow line moves in steps of this length, and a byte at least. */
const STEP_MS = 50;
const UNDRAWN = -1;

export interface LinkHost {
  readonly target: number;
  /** Another number: another fault. */
  readonly epoch: number;
  drawFault(): SimpleFault;
  countFault(): void;
  readonly onRequestBytes: () => void;
}

export class Link {
  readonly #client: Socket;
  readonly #host: LinkHost;
  #server: Socket | undefined;
  #fault: SimpleFault = { kind: 'none' };
  /** Of the fault that is in force here. */
  #epoch = UNDRAWN;
  #passed: Record<Direction, number> = { up: 0, down: 0 };
  /** Something was swallowed in this direction: what follows would make no sense. */
  #isLost: Record<Direction, boolean> = { up: false, down: false };
  #carried: Direction = 'up';
  /** The request so far, while it is to be sent twice. */
  #copy: Buffer[] = [];

  constructor(client: Socket, host: LinkHost) {
    this.#client = client;
    this.#host = host;
    client.on('error', () => this.destroy());
    client.on('close', () => this.#server?.destroy());
    if (this.#current().kind === 'refuse') this.#reset();
    else void this.#pump(client, 'up');
  }

  destroy(): void {
    this.#client.destroy();
    this.#server?.destroy();
  }

  /** Carries one direction until its sender has ended. */
  async #pump(source: Socket, direction: Direction): Promise<void> {
    try {
      // Not the plain iterator, which would destroy the way back at the end of this one.
      for await (const chunk of source.iterator({ destroyOnReturn: false })) {
        if (direction === 'up') this.#host.onRequestBytes();
        await this.#carry(chunk as Buffer, direction);
      }
      if (!this.#isLost[direction]) this.#sink(direction).end();
    } catch {
      // One end is gone; the other hears of it.
      this.destroy();
    }
  }

  async #carry(chunk: Buffer, direction: Direction): Promise<void> {
    // What comes up after something came down is another request, and another draw.
    if (direction === 'up' && this.#carried === 'down') this.#epoch = UNDRAWN;
    this.#carried = direction;
    const fault = this.#current();
    if (this.#isLost[direction]) return;
    switch (fault.kind) {
      case 'none':
        return this.#forward(chunk, direction);
      case 'latency':
        this.#host.countFault();
        await sleep(fault.delayMs);
        return this.#forward(chunk, direction);
      case 'bandwidth':
        if (fault.direction !== undefined && fault.direction !== direction) {
          return this.#forward(chunk, direction);
        }
        return this.#trickle(chunk, direction, fault.bytesPerSecond);
      case 'reset':
      case 'truncate':
        return this.#cut(chunk, direction, fault);
      case 'black-hole':
        return this.#lose(direction);
      case 'no-answer':
        if (direction === 'up') return this.#forward(chunk, direction);
        return this.#lose(direction);
      case 'duplicate':
        return this.#forwardTwice(chunk, direction);
      case 'answer':
        // A request that has passed already gets its own answer.
        if (direction === 'down') return this.#forward(chunk, direction);
        this.#lose('up');
        this.#isLost.down = true;
        this.#client.end(fault.text);
        return;
      case 'refuse':
        return this.#reset();
    }
  }

  #current(): SimpleFault {
    if (this.#epoch !== this.#host.epoch) {
      this.#epoch = this.#host.epoch;
      this.#fault = this.#host.drawFault();
      this.#passed = { up: 0, down: 0 };
      this.#copy = [];
    }
    return this.#fault;
  }

  async #forward(chunk: Buffer, direction: Direction): Promise<void> {
    const sink = this.#sink(direction);
    if (!sink.write(chunk)) await once(sink, 'drain');
  }

  #sink(direction: Direction): Socket {
    if (direction === 'down') return this.#client;
    if (this.#server === undefined) {
      const server = this.#connect();
      this.#server = server;
      void this.#pump(server, 'down');
    }
    return this.#server;
  }

  #connect(): Socket {
    const server = connect({ port: this.#host.target, host: '127.0.0.1', allowHalfOpen: true });
    server.setNoDelay();
    server.on('error', () => this.#client.destroy());
    return server;
  }

  /** As slow as the fault says, for as long as it is in force. */
  async #trickle(chunk: Buffer, direction: Direction, bytesPerSecond: number): Promise<void> {
    this.#host.countFault();
    const stepBytes = Math.max(1, Math.floor((bytesPerSecond * STEP_MS) / 1000));
    const stepMs = (stepBytes / bytesPerSecond) * 1000;
    let at = 0;
    while (at < chunk.length && this.#epoch === this.#host.epoch && !this.#client.destroyed) {
      await this.#forward(chunk.subarray(at, at + stepBytes), direction);
      at += stepBytes;
      // In short sleeps, so that a line that heals is fast at once.
      const untilMs = performance.now() + stepMs;
      while (performance.now() < untilMs && this.#epoch === this.#host.epoch) await sleep(STEP_MS);
    }
    if (at < chunk.length) await this.#forward(chunk.subarray(at), direction);
  }

  async #cut(
    chunk: Buffer,
    direction: Direction,
    fault: Extract<SimpleFault, { kind: 'reset' | 'truncate' }>,
  ): Promise<void> {
    if (direction !== fault.direction) return this.#forward(chunk, direction);
    const left = fault.afterBytes - this.#passed[direction];
    this.#passed[direction] += chunk.length;
    if (chunk.length < left) return this.#forward(chunk, direction);
    if (left > 0) await this.#forward(chunk.subarray(0, left), direction);
    if (fault.kind === 'reset') return this.#reset();
    this.#lose(direction);
    this.#sink(direction).end();
  }

  #reset(): void {
    this.#host.countFault();
    this.#isLost = { up: true, down: true };
    this.#client.resetAndDestroy();
    this.#server?.resetAndDestroy();
  }

  #lose(direction: Direction): void {
    if (!this.#isLost[direction]) this.#host.countFault();
    this.#isLost[direction] = true;
  }

  async #forwardTwice(chunk: Buffer, direction: Direction): Promise<void> {
    if (direction === 'up') {
      this.#copy.push(chunk);
    } else if (this.#copy.length > 0) {
      // The answer has begun: the request is whole.
      const request = Buffer.concat(this.#copy);
      this.#copy = [];
      if (request.length <= DUPLICATE_BYTES_MAX) await this.#repeat(request);
    }
    await this.#forward(chunk, direction);
  }

  /** Sends it over a connection of its own and waits for the beginning of the answer, which nobody gets. */
  async #repeat(request: Buffer): Promise<void> {
    const again = this.#connect();
    again.write(request);
    await Promise.race([once(again, 'data'), once(again, 'close')]);
    again.destroy();
    this.#host.countFault();
  }
}
