/**
 * Commands of Redis, whichever client sends them: each is timed, and of reads it is counted whether they
 * found something. Hot path.
 */
import type { ProbeHost } from '../probe.js';
import { errorTypeOf } from '../timed-call.js';
import type { Unit } from '../unit.js';
import type { BegunCall } from '../work.js';
import { CacheCount } from './cache-count.js';
import { StoreCalls } from './store-calls.js';

/** Sent by clients themselves when a connection is new. */
const OF_CONNECTION: ReadonlySet<string> = new Set(
  'AUTH CLIENT HELLO INFO READONLY SELECT'.split(' '),
);
/** Reads whose answer says whether it was there. */
const READS: ReadonlySet<string> = new Set('GET GETEX GETDEL HGET HGETALL HMGET MGET'.split(' '));
const QUEUED = 'QUEUED';

export class RedisCalls {
  readonly #calls: StoreCalls;
  readonly #reads: CacheCount;

  constructor(host: ProbeHost) {
    this.#calls = new StoreCalls(host, 'redis');
    this.#reads = new CacheCount(host.recorder, 'redis');
  }

  /** `name` is of redis-command-names.ts. */
  begin(name: string, unit: Unit | undefined): BegunCall {
    return this.#calls.begin(name, unit);
  }

  /** Of a command that has not failed. */
  seriesOf(name: string): number {
    return this.#calls.seriesOf(name);
  }

  /** `error` undefined when there is a reply, as it came off the wire. */
  end(name: string, call: BegunCall, error: unknown, reply: unknown): void {
    const errorType = errorTypeOf(error);
    this.#calls.end(name, call, errorType);
    if (errorType === undefined && READS.has(name)) this.#countRead(name, call.unit, reply);
  }

  #countRead(name: string, unit: Unit | undefined, reply: unknown): void {
    // Within MULTI nothing is read yet.
    if (isQueued(reply)) return;
    if (name === 'MGET' || name === 'HMGET') {
      if (!Array.isArray(reply)) return;
      const hits = reply.filter((value) => value !== null).length;
      this.#reads.add(unit, hits, reply.length - hits);
      return;
    }
    const isMiss = reply === null || (name === 'HGETALL' && isEmpty(reply));
    this.#reads.add(unit, isMiss ? 0 : 1, isMiss ? 1 : 0);
  }
}

/** True for what a client sends of its own accord while its connection is new. */
export function isOfConnection(name: string): boolean {
  return OF_CONNECTION.has(name);
}

function isQueued(reply: unknown): boolean {
  if (typeof reply === 'string') return reply === QUEUED;
  return Buffer.isBuffer(reply) && reply.length === QUEUED.length && String(reply) === QUEUED;
}

/** Of a hash that is not there: RESP 2 has lists, RESP 3 has maps, clients make objects of them. */
function isEmpty(reply: unknown): boolean {
  if (Array.isArray(reply)) return reply.length === 0;
  if (reply instanceof Map) return reply.size === 0;
  for (const _ in reply as object) return false;
  return true;
}
