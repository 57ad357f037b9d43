/**
 * When the handling of a message of AMQP is over. A consumer that returns a promise: when that is
 * settled. Another: when it has returned and the message is answered, or when its channel is closed. A
 * message that was refused has failed. Bounded: OPEN_MAX unanswered messages a channel; those past it
 * end when their consumer returns. Hot path of consumers.
 */
import { guardedCall } from '../guarded.js';
import { perHost } from '../layers/per-host.js';
import type { ProbeHost } from '../probe.js';
import { endOf } from '../timed-call.js';
import { type JobCall, type Jobs, jobsOf } from './jobs.js';

const OPEN_MAX = 1000;

/** Why a message was refused, as an error type. */
export interface Refusal {
  readonly name: string;
}

interface Delivery {
  readonly call: JobCall;
  isAnswered: boolean;
  /** Its consumer returned something else than a promise. */
  isReturned: boolean;
  refusal: Refusal | undefined;
}

const CLOSED: Refusal = { name: 'channel_closed' };

export class Deliveries {
  static readonly of: (host: ProbeHost) => Deliveries = perHost((host) => new Deliveries(host));

  readonly #jobs: Jobs;
  /** By channel and delivery tag. */
  readonly #open = new WeakMap<object, Map<number, Delivery>>();

  /** A message of `tag` is answered; `isUpTo`: and all before it. */
  readonly answer: (
    channel: object,
    tag: number | undefined,
    isUpTo: boolean,
    refusal: Refusal | undefined,
  ) => void;

  constructor(host: ProbeHost) {
    this.#jobs = jobsOf(host);
    this.answer = guardedCall('answer of amqplib', host.warn, this.#answer.bind(this));
  }

  /** Calls `work`, the consumer, as `call`. Without a tag nobody answers the message. */
  handle(channel: object, tag: number | undefined, call: JobCall, work: () => unknown): unknown {
    const delivery = { call, isAnswered: false, isReturned: false, refusal: undefined };
    const isOpen = tag !== undefined && this.#add(channel, tag, delivery);
    let isLater = false;
    const end = (error: unknown): void => {
      const isOver = isLater || error !== undefined || !isOpen || delivery.isAnswered;
      if (isOver) this.#end(channel, tag, delivery, error);
      else delivery.isReturned = true;
    };
    const result = this.#jobs.within(call, () => endOf(work, end));
    isLater = true;
    return result;
  }

  #answer(
    channel: object,
    tag: number | undefined,
    isUpTo: boolean,
    refusal: Refusal | undefined,
  ): void {
    const open = this.#open.get(channel);
    if (open === undefined || tag === undefined) return;
    const tags = isUpTo ? [...open.keys()].filter((one) => one <= tag) : [tag];
    for (const one of tags) {
      const delivery = open.get(one);
      if (delivery === undefined) continue;
      open.delete(one);
      delivery.isAnswered = true;
      delivery.refusal = refusal;
      if (delivery.isReturned) this.#jobs.end(delivery.call, refusal);
    }
  }

  close(channel: object): void {
    this.answer(channel, Number.POSITIVE_INFINITY, true, CLOSED);
  }

  #add(channel: object, tag: number, delivery: Delivery): boolean {
    let open = this.#open.get(channel);
    if (open === undefined) {
      open = new Map();
      this.#open.set(channel, open);
    }
    if (open.size >= OPEN_MAX) return false;
    open.set(tag, delivery);
    return true;
  }

  #end(channel: object, tag: number | undefined, delivery: Delivery, error: unknown): void {
    if (tag !== undefined) this.#open.get(channel)?.delete(tag);
    this.#jobs.end(delivery.call, error ?? delivery.refusal);
  }
}
