/**
 * ioredis: each command once, from when it is handed over to its reply. Its channels would tell the
 * same, but who listens to them makes rejected commands count as handled, and an application that
 * forgets one would no longer hear of it. So it is the command's own functions that are watched. A
 * command is a span of its unit and no query: what a cache is asked is not what a database is. Hot path.
 */
import { DB_CLIENT_OPERATION_DURATION } from '../../shared/database-metrics.js';
import { nowMs } from '../clock.js';
import { guardedCall } from '../guarded.js';
import type { LoadedModule } from '../module-hooks.js';
import type { ProbeHost } from '../probe.js';
import { type Method, replaceMethod } from '../replace-method.js';
import { SeriesMap } from '../series-map.js';
import { NO_DETAIL } from '../span-list.js';
import { errorTypeOf } from '../timed-call.js';
import type { Unit } from '../unit.js';
import type { BegunCall } from '../work.js';
import { CacheCount } from './cache-count.js';

interface Command {
  [CALL]?: CommandCall;
  readonly name?: unknown;
  resolve?: Method;
  reject?: Method;
}

interface CommandCall extends BegunCall {
  isOpen: boolean;
}

const CALL = Symbol('tachograph.command');
/** On a function that is ours. */
const WATCHED = Symbol('tachograph.watched');
/** Made by ioredis itself when a connection is new. */
const HANDSHAKE: ReadonlySet<string> = new Set('auth client hello info readonly select'.split(' '));
/** Reads whose answer says whether it was there. */
const READS: ReadonlySet<string> = new Set('get getex getdel hget hgetall hmget mget'.split(' '));

/** For ioredis/built/Redis.js. */
export function patchIoredis(loaded: LoadedModule, host: ProbeHost): void {
  const { default: Redis } = (loaded.exports ?? {}) as { default?: { prototype?: object } };
  const known = knownCommands(loaded);
  host.context.follow();
  const { warn } = host;
  const series = new SeriesMap(host.recorder, DB_CLIENT_OPERATION_DURATION);
  const seriesOf = (name: string, errorType: string | undefined): number =>
    series.id(`${name} ${errorType}`, () => operation(name, errorType));
  const reads = new CacheCount(host.recorder, 'redis');

  const end = guardedCall(
    'ioredis reply',
    warn,
    (command: Command, call: CommandCall, error: unknown, reply: unknown) => {
      if (!call.isOpen) return;
      call.isOpen = false;
      const name = nameOf(command, known);
      const errorType = errorTypeOf(error);
      host.work.endBegun(call, seriesOf(name, errorType), NO_DETAIL);
      if (errorType === undefined && READS.has(name)) countReads(reads, name, call.unit, reply);
    },
  );
  const begun = (self: object, command: Command): CommandCall => {
    const name = nameOf(command, known);
    const isHandshake = (self as { status?: unknown }).status === 'connect' && HANDSHAKE.has(name);
    const unit = isHandshake ? undefined : host.work.current();
    const startMs = nowMs();
    const span = host.work.begin(unit, seriesOf(name, undefined), startMs);
    return { unit, startMs, span, isOpen: true };
  };
  const begin = guardedCall('ioredis command', warn, (self: object, command: Command) => {
    // One that is sent again is the same call.
    command[CALL] ?? Object.defineProperty(command, CALL, { value: begun(self, command) });
    watchCommand(command, end);
  });
  replaceMethod(
    Redis?.prototype,
    'sendCommand',
    (original) =>
      function (this: object, ...args: unknown[]): unknown {
        begin(this, args[0] as Command);
        return original.apply(this, args);
      },
  );
}

/** A command that is sent again has new functions. */
function watchCommand(
  command: Command,
  end: (command: Command, call: CommandCall, error: unknown, reply: unknown) => void,
): void {
  const { resolve, reject, [CALL]: call } = command;
  if (call === undefined || resolve === undefined || reject === undefined) return;
  if (WATCHED in resolve) return;
  const watchedResolve: Method = function (this: object, ...args) {
    end(command, call, undefined, args[0]);
    return resolve.apply(this, args);
  };
  command.resolve = Object.defineProperty(watchedResolve, WATCHED, { value: true });
  command.reject = function (this: object, ...args) {
    end(command, call, args[0] ?? new Error('rejected'), undefined);
    return reject.apply(this, args);
  };
}

/** Whatever else is sent as a command may be a value, and has no name. */
function nameOf({ name }: Command, known: ReadonlySet<string>): string {
  const lower = String(name).toLowerCase();
  return known.has(lower) ? lower : '';
}

/** What ioredis itself knows of Redis. */
function knownCommands(loaded: LoadedModule): ReadonlySet<string> {
  try {
    const { list } = loaded.require('@ioredis/commands') as { list: readonly string[] };
    return new Set(list);
  } catch {
    return READS;
  }
}

function operation(name: string, errorType: string | undefined): (string | undefined)[] {
  const shown = name === '' ? undefined : name.toUpperCase();
  return ['redis', shown, undefined, undefined, undefined, errorType];
}

/** Replies as they come off the wire. */
function countReads(reads: CacheCount, name: string, unit: Unit | undefined, reply: unknown): void {
  // Within MULTI nothing is read yet.
  if (String(reply) === 'QUEUED') return;
  if (Array.isArray(reply) && name !== 'hgetall') {
    const hits = reply.filter((value) => value !== null).length;
    reads.add(unit, hits, reply.length - hits);
    return;
  }
  // Of HGETALL an empty list comes when there is no hash.
  const isMiss = reply === null || (Array.isArray(reply) && reply.length === 0);
  reads.add(unit, isMiss ? 0 : 1, isMiss ? 1 : 0);
}
