/** A database server that accepts connections and says no word, or lets one in and then answers nothing. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createServer as createMysqlServer } from 'mysql2';

export interface SilentServer {
  readonly port: number;
  /** Resolves when so many connections wait for an answer. */
  waiting(count: number): Promise<readonly Socket[]>;
  close(): void;
}

/** AuthenticationOk and ReadyForQuery. */
const WELCOME = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0, 0x5a, 0, 0, 0, 5, 0x49]);
/** All but compression and TLS. */
const MYSQL_FLAGS = 0xff_ff_ff & ~(0x20 | 0x800);

class Waiting {
  readonly sockets: Socket[] = [];
  readonly #told: (() => void)[] = [];

  add(socket: Socket): void {
    socket.on('error', () => {});
    this.sockets.push(socket);
    for (const tell of this.#told.splice(0)) tell();
  }

  async until(count: number): Promise<readonly Socket[]> {
    while (this.sockets.length < count) {
      await new Promise<void>((resolve) => {
        this.#told.push(resolve);
      });
    }
    return this.sockets;
  }
}

/** Says nothing at all; with `letsIn`, as PostgreSQL, nothing from the first query on. */
export async function silentServer({ letsIn = false } = {}): Promise<SilentServer> {
  const waiting = new Waiting();
  const server = createServer((socket) => {
    // Read, for a socket tells of its end when all before that was.
    socket.resume();
    if (!letsIn) return waiting.add(socket);
    socket.once('data', () => {
      socket.write(WELCOME);
      socket.once('data', () => waiting.add(socket));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    waiting: (count) => waiting.until(count),
    close() {
      server.close();
      for (const socket of waiting.sockets) socket.destroy();
    },
  };
}

/** What the types of the driver do not tell of the side of a server. */
interface Inner {
  readonly stream: Socket;
  sequenceId: number;
}

interface Listening {
  listen(port: number, host: string): { readonly _server: ReturnType<typeof createServer> };
}

/** Lets everybody in, as MySQL, and answers no query. */
export async function silentMysql(): Promise<SilentServer> {
  const waiting = new Waiting();
  const server = createMysqlServer((connection) => {
    const inner = connection as unknown as Inner;
    connection.serverHandshake({
      authCallback(_: unknown, admit: (error: null) => void) {
        admit(null);
        // Each command begins to count anew.
        inner.sequenceId = 0;
      },
      ...{ protocolVersion: 10, serverVersion: '8.0.0', connectionId: 1 },
      ...{ statusFlags: 2, characterSet: 8, capabilityFlags: MYSQL_FLAGS },
    });
    connection.on('error', () => {});
    connection.on('query', () => waiting.add(inner.stream));
  });
  const { _server: inner } = (server as unknown as Listening).listen(0, '127.0.0.1');
  if (!inner.listening) await once(inner, 'listening');
  return {
    port: (inner.address() as AddressInfo).port,
    waiting: (count) => waiting.until(count),
    close() {
      inner.close();
      for (const socket of waiting.sockets) socket.destroy();
    },
  };
}
