/**
 * ioredis: each command once, from when it is handed over to its reply. Its channels would tell the
 * same, but who listens to them makes rejected commands count as handled, and an application that
 * forgets one would no longer hear of it. So it is the command's own functions that are watched. A
 * cluster gives its commands to connections of this kind. Hot path.
 */
import { guardedCall } from '../guarded.js';
import type { LoadedModule } from '../module-hooks.js';
import type { ProbeHost } from '../probe.js';
import { type Method, replaceMethod } from '../replace-method.js';
import type { BegunCall } from '../work.js';
import { isOfConnection, RedisCalls } from './redis-calls.js';
import { redisCommandName } from './redis-command-names.js';

interface Command {
  [CALL]?: CommandCall;
  readonly name?: unknown;
  resolve?: Method;
  reject?: Method;
}

interface CommandCall extends BegunCall {
  isOpen: boolean;
}

type End = (command: Command, call: CommandCall, error: unknown, reply: unknown) => void;

const CALL = Symbol('tachograph.command');
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
    const unit = isHandshake ? undefined : host.work.current();
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
