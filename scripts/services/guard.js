/**
 * Runs one service so that it cannot outlive us: a small shell holds the service and one end of a pipe whose
 * other end only this process holds. When the pipe closes, whatever the reason (stop, exit, SIGKILL), the
 * shell stops the service and removes its folder.
 *
 * Owns: the shell and its one child. Bounds: the service gets 10 s after the stop signal, then SIGKILL.
 * No signal handlers are installed in this process and nothing here keeps its event loop alive.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * $1 stop signal, $2 folder to remove, $3 log file, then the command. The reader waits for the pipe to close in
 * the background while the shell waits for the service, so that the end of either one ends the other. The signal
 * is repeated: a service that is still preparing itself (initdb) may not listen to the first one.
 */
const GUARD = `
signal=$1 folder=$2 log=$3
shift 3
exec 3<&0
"$@" </dev/null >>"$log" 2>&1 3<&- &
service=$!
(
  read -r closed <&3
  tries=0
  while [ "$tries" -lt 50 ]; do
    kill -s "$signal" "$service"
    sleep 0.2
    tries=$((tries + 1))
  done
  kill -s KILL "$service"
) >/dev/null 2>&1 &
reader=$!
trap 'kill -s "$signal" "$service"' TERM INT HUP
wait "$service"
status=$?
while kill -0 "$service" 2>/dev/null; do wait "$service"; status=$?; done
kill -s KILL "$reader" 2>/dev/null
rm -rf "$folder"
exit "$status"
`;

/**
 * @typedef {object} Guarded
 * @property {number} pid The shell's process id.
 * @property {() => boolean} running
 * @property {() => Promise<void>} stop Resolves when service and folder are gone; may be called twice.
 */

/**
 * @param {object} options
 * @param {string} options.command
 * @param {string[]} options.args
 * @param {NodeJS.Signals} options.stopSignal Sent to the service to end it, for example SIGINT.
 * @param {string} options.folder Removed when the service has ended.
 * @param {string} options.logFile
 * @param {{ uid?: number, gid?: number }} [options.user] Who runs it; ourselves when empty.
 * @returns {Guarded}
 */
export function runGuarded({ command, args, stopSignal, folder, logFile, user = {} }) {
  const signal = stopSignal.replace('SIG', '');
  const shell = spawn(
    '/bin/sh',
    ['-c', GUARD, 'service-guard', signal, folder, logFile, command, ...args],
    // Its own session: Ctrl-C in our terminal reaches us alone, and the closing pipe does the rest.
    { ...user, cwd: '/', detached: true, stdio: ['pipe', 'ignore', 'ignore'] },
  );
  const ended = once(shell, 'exit');
  ended.catch(() => {});
  shell.stdin.on('error', () => {});
  shell.unref();
  /** @type {import('node:net').Socket} */ (/** @type {unknown} */ (shell.stdin)).unref();

  return {
    pid: shell.pid ?? 0,
    running: () => shell.pid !== undefined && shell.exitCode === null && shell.signalCode === null,
    async stop() {
      shell.ref();
      shell.stdin.end();
      await ended;
    },
  };
}
