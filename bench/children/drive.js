/**
 * A closed loop over in-memory sockets: each gets its next request once the last is answered. All that are
 * ready are fed in one turn of the event loop, as a busy server finds them after epoll; in between, timers
 * and messages have their turn.
 */
import { AsyncResource } from 'node:async_hooks';
import { InMemorySocket } from './in-memory-socket.js';

/** Connections a turn serves: enough to spread the turn's own cost thin. */
const SOCKETS = 16;

/**
 * @param {import('node:http').Server} server
 * @param {Buffer} request
 */
export function createDriver(server, request) {
  // Requests must not inherit the asynchronous context of the request that was answered before them.
  const root = new AsyncResource('bench.driver');
  let isScheduled = false;
  let unsent = 0;
  let unanswered = 0;
  /** @type {() => void} */
  let onDone = () => {};
  /** @type {(error: Error) => void} */
  let onError = () => {};

  const schedule = () => {
    if (isScheduled) return;
    isScheduled = true;
    root.runInAsyncScope(setImmediate, null, turn);
  };
  const sockets = Array.from({ length: SOCKETS }, () => {
    const socket = new InMemorySocket(() => {
      unanswered -= 1;
      schedule();
    });
    socket.on('error', (error) => onError(error));
    server.emit('connection', socket);
    return socket;
  });
  const turn = () => {
    isScheduled = false;
    if (unanswered === 0) onDone();
    for (const socket of sockets) {
      if (unsent === 0) return;
      if (!socket.isReady) continue;
      unsent -= 1;
      socket.feed(request);
    }
  };

  return {
    /**
     * Resolves when `count` requests are answered.
     *
     * @param {number} count
     * @returns {Promise<void>}
     */
    run: (count) =>
      new Promise((resolve, reject) => {
        unsent = count;
        unanswered = count;
        onDone = resolve;
        onError = reject;
        schedule();
      }),
    close() {
      for (const socket of sockets) socket.destroy();
      root.emitDestroy();
    },
  };
}
