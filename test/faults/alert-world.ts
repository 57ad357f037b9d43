/**
 * What the keeper of alerts lives in: services whose values go up and down by a plan, and the receiver of its
 * messages, which is in trouble now and then. It knows what had to be told, and judges what was. The clock is
 * its own: 10 s a look, however long a look takes, so that dead time between two lives is none.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { T0 } from '../alerts/make-rule.js';
import type { Shown } from './children/alert-keeper.js';

const LOOK_MS = 10_000;
const SERVICES = 5;
/** Looks of a phase: several times what a rule waits, and what kills take away. */
const PHASE_LOOKS = 40;
const [HIGH, LOW] = [500, 10];

export interface WorldOptions {
  readonly random: () => number;
  /** Pairs of a high and a low phase of each service. */
  readonly pairs: number;
}

interface Told {
  readonly key: string;
  readonly kind: string;
  readonly service: string;
  readonly id: string;
}

export class AlertWorld {
  readonly #options: WorldOptions;
  readonly #server: Server;
  #looks = 0;
  /** Taken with a 200, in order; a key may come again. */
  readonly #taken: Told[] = [];
  /** Called when something passes here: the moment for a kill. */
  onMoment: () => void = () => {};
  /** Until this is lifted, no end is shown. */
  isEndless = true;

  private constructor(options: WorldOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  static async start(options: WorldOptions): Promise<AlertWorld> {
    const world = new AlertWorld(options);
    await new Promise<void>((resolve) => world.#server.listen(0, '127.0.0.1', resolve));
    return world;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Whether every phase was shown. */
  get isOver(): boolean {
    return this.#looks >= (2 * this.#options.pairs + 1) * PHASE_LOOKS;
  }

  /** Messages that were taken more than once, under the same key. */
  get repeated(): number {
    return this.#taken.length - new Set(this.#taken.map(({ key, id }) => key + id)).size;
  }

  get taken(): number {
    return this.#taken.length;
  }

  /** What is wrong with what was told. */
  complaints(): string[] {
    const complaints: string[] = [];
    const byKey = new Map(this.#taken.map((told) => [told.key + told.id, told]));
    for (let i = 0; i < SERVICES; i++) {
      const own = [...byKey.values()].filter(({ service }) => service === `s${i}`);
      const kinds = own.map(({ kind }) => kind);
      const expected = Array.from({ length: this.#options.pairs }, () => [
        'firing',
        'resolved',
      ]).flat();
      if (kinds.join() !== expected.join()) {
        complaints.push(`s${i}: expected ${expected.length} messages, got ${kinds.join(', ')}`);
      }
      own.forEach(({ id, kind }, at) => {
        if (kind === 'resolved' && own[at - 1]?.id !== id)
          complaints.push(`s${i}: ${id} ended alone`);
      });
    }
    return complaints;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk);
    } catch {
      // The keeper was killed meanwhile.
      return;
    }
    this.onMoment();
    if (request.url === '/show') {
      response.end(JSON.stringify(this.#show()));
      return;
    }
    const trouble = this.#options.random();
    if (trouble < 0.1) response.writeHead(503).end();
    else if (trouble < 0.2) response.writeHead(429, { 'retry-after': '20' }).end();
    else if (trouble < 0.25) response.destroy();
    else {
      const { key, kind, alerts } = JSON.parse(Buffer.concat(chunks).toString());
      for (const { service, id } of alerts) this.#taken.push({ key, kind, service, id });
      // Taken, and the answer is lost.
      if (trouble < 0.3) response.destroy();
      else response.end();
    }
  }

  #show(): Shown {
    const look = this.#looks++;
    const values = Array.from({ length: SERVICES }, (_, i) => {
      // Each in another rhythm's place.
      const phase = Math.floor((look - i * 7) / PHASE_LOOKS);
      return phase >= 0 && phase < 2 * this.#options.pairs && phase % 2 === 0 ? HIGH : LOW;
    });
    return { nowMs: T0 + look * LOOK_MS, values, isLast: this.isOver && !this.isEndless };
  }
}
