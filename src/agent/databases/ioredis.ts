/**
 * ioredis: each command once, from when it is handed over to its reply. Its channels would tell the
 * same, but who listens to them makes rejected commands count as handled, and an application that
 * forgets one would no longer hear of it. So it is the command's own functions that are watched. A
 * cluster gives its commands to connections of this kind. Hot path.
 */
import { guarded, guardedCall } from '../guarded.js';
import type { LoadedModule } from '../module-hooks.js';
import type { ProbeHost } from '../probe.js';
import { type Method, replaceMethod } from '../replace-method.js';
import type { Unit } from '../unit.js';
import type { BegunCall } from '../work.js';
import { isOfConnection, RedisCalls } from './redis-calls.js';
import { redisCommandName } from './redis-command-names.js';

interface Command {
  [CALL]?: CommandCall;
  [MADE_BY]?: Unit | undefined;
  readonly name?: unknown;
  resolve?: Method;
  reject?: Method;
}

interface CommandCall extends BegunCall {
  isOpen: boolean;
}

type End = (command: Command, call: CommandCall, error: unknown, reply: unknown) => void;

const CALL = Symbol('tachograph.command');
/** On a command of a pipeline: whose it is, also when that is nobody. */
const MADE_BY = Symbol('tachograph.made_by');
/** On a function that is ours. */
const WATCHED = Symbol('tachograph.watched');

/** For ioredis/built/Redis.js. */
export function patchIoredis(loaded: LoadedModule, host: ProbeHost): void {
  const { default: Redis } = (loaded.exports ?? {}) as { default?: { prototype?: object } };
  host.context.follow();
  const calls = new RedisCalls(host);
  const end: End = guardedCall(
    'ioredis reply',
    host.warn,
    // A script has its command's name only when it is written to a connection.
    ({ name }: Command, call: CommandCall, error: unknown, reply: unknown) =>
      calls.end(redisCommandName(name), call, error, reply),
  );
  const begun = (self: object, command: Command): CommandCall => {
    const name = redisCommandName(command.name);
    const isHandshake = (self as { status?: unknown }).status === 'connect' && isOfConnection(name);
    const maker = MADE_BY in command ? command[MADE_BY] : host.work.current();
    const unit = isHandshake ? undefined : maker;
    return { ...calls.begin(name, unit), isOpen: true };
  };
  const begin = guardedCall('ioredis command', host.warn, (self: object, command: Command) => {
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

/**
 * For ioredis/built/Pipeline.js. A pipeline that the client opens of its own accord has the commands of
 * everybody, and is sent as whoever's was the first: a command's unit is that which made it.
 */
export function patchIoredisPipeline(loaded: LoadedModule, host: ProbeHost): void {
  const { default: Pipeline } = (loaded.exports ?? {}) as { default?: { prototype?: object } };
  const make = guarded('ioredis pipeline', host.warn, (command: Command) => {
    if (MADE_BY in command) return;
    Object.defineProperty(command, MADE_BY, { value: host.work.current() });
  });
  replaceMethod(
    Pipeline?.prototype,
    'sendCommand',
    (original) =>
      function (this: object, ...args: unknown[]): unknown {
        make(args[0] as Command);
        return original.apply(this, args);
      },
  );
}

/** A command that is sent again has new functions. */
function watchCommand(command: Command, end: End): void {
  const { resolve, reject, [CALL]: call } = command;
  if (call === undefined || resolve === undefined || reject === undefined) return;
  if (WATCHED in resolve) return;
  const endOnce = (error: unknown, reply: unknown): void => {
    if (!call.isOpen) return;
    call.isOpen = false;
    end(command, call, error, reply);
  };
  const watchedResolve: Method = function (this: object, ...args) {
    endOnce(undefined, args[0]);
    return resolve.apply(this, args);
  };
  command.resolve = Object.defineProperty(watchedResolve, WATCHED, { value: true });
  command.reject = function (this: object, ...args) {
    endOnce(args[0] ?? new Error('rejected'), undefined);
    return reject.apply(this, args);
  };
}
