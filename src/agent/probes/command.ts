/**
 * A script that is no server is a management command, and its whole run an operation with the script's
 * name. What it was is known at its end: no server listened in it, it is no part of a program that
 * talks to it (fork, cluster), nor has it a listener for SIGTERM, as workers of queues do, which run
 * until they are told to end. Main thread.
 */
import { Server } from 'node:net';
import { OPERATION_DURATION } from '../../shared/application-metrics.js';
import { COMMAND_MODULES } from '../../shared/command-kinds.js';
import { IS_MAIN_THREAD } from '../guard.js';
import { guardedCall } from '../guarded.js';
import { loadedCluster } from '../late-builtins.js';
import { beforeCall } from '../patch-method.js';
import type { Probe } from '../probe.js';
import { isOwnSignalListener } from '../signals.js';

export const commandProbe: Probe = {
  name: 'commands',
  start({ recorder, warn }) {
    const script = process.argv[1];
    if (!IS_MAIN_THREAD || script === undefined || process.send !== undefined) return;
    let isServer = false;
    beforeCall(Server.prototype, 'listen', warn, () => {
      isServer = true;
    });
    const onExit = guardedCall('commands', warn, (code: number) => {
      if (isServer || isService()) return;
      const error = code === 0 ? undefined : `exit ${code}`;
      const values = [nameOf(script), COMMAND_MODULES.command, error];
      recorder.record(
        recorder.series(OPERATION_DURATION, values),
        Math.round(process.uptime() * 1e6),
      );
    });
    // Before the agent's own listener, which flushes.
    process.prependListener('exit', onExit);
  },
};

function isService(): boolean {
  const isToldToEnd = process.listeners('SIGTERM').some((each) => !isOwnSignalListener(each));
  return isToldToEnd || loadedCluster()?.settings?.exec !== undefined;
}

/** The script's name without folders and extension: its path and its arguments are nobody's business. */
function nameOf(script: string): string {
  const base = script.slice(Math.max(script.lastIndexOf('/'), script.lastIndexOf('\\')) + 1);
  return base.replace(/\.[cm]?[jt]s$/, '');
}
