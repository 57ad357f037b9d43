/**
 * node-redis: each command that is handed to the queue of a connection, those of pipelines, transactions,
 * scripts and clusters included, until its reply. Its channels would tell the same with every argument
 * copied, and nothing of what is within MULTI. Hot path.
 */
import type { LoadedModule } from '../module-hooks.js';
import type { ProbeHost } from '../probe.js';
import { timeMethod } from '../timed-call.js';
import { isOfConnection, RedisCalls } from './redis-calls.js';
import { redisCommandName } from './redis-command-names.js';

interface Options {
  /** Before whatever waits: also what makes a connection ready. */
  readonly asap?: boolean;
}

/** For @redis/client/dist/lib/client/commands-queue.js. */
export function patchNodeRedis({ exports }: LoadedModule, host: ProbeHost): void {
  const { default: Queue } = (exports ?? {}) as { default?: { prototype?: object } };
  host.context.follow();
  const calls = new RedisCalls(host);
  timeMethod(Queue?.prototype, 'addCommand', host, {
    name: 'node-redis command',
    seriesOf: (_queue, args) => {
      const name = nameIn(args);
      const { asap = false } = (args[1] ?? {}) as Options;
      return asap && isOfConnection(name) ? undefined : calls.seriesOf(name);
    },
    onEnd: (call) => calls.end(nameIn(call.args), call, call.error, call.result),
  });
}

function nameIn(args: readonly unknown[]): string {
  return redisCommandName((args[0] as readonly unknown[])[0]);
}
