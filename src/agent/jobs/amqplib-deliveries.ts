/**
 * When the handling of a message of AMQP is over: when its consumer has returned and it is answered, or its
 * channel is closed. amqplib drops what a consumer returns, so a promise is not followed: one derived from
 * it would be rejected with nobody to handle it. A message that was refused has failed. Bounded: OPEN_MAX
 * unanswered messages a channel; those past it end when their consumer returns. Hot path of consumers.
 */
import { guardedCall } from '../guarded.js';
import { perHost } from '../layers/per-host.js';
import type { ProbeHost } from '../probe.js';
import { type JobCall, type Jobs, jobsOf } from './jobs.js';

const OPEN_MAX = 1000;

/** Why a message was refused, as an error type. */
export interface Refusal {
  readonly name: string;
}

interface Delivery {
  readonly call: JobCall;
  isAnswered: boolean;
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
    let result: unknown;
    try {
      result = this.#jobs.within(call, work);
    } catch (error) {
      this.#end(channel, tag, delivery, error ?? new Error('thrown'));
      throw error;
    }
    if (!isOpen || delivery.isAnswered) this.#end(channel, tag, delivery, undefined);
    else delivery.isReturned = true;
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
