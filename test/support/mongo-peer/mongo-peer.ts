/**
 * A peer for drivers of MongoDB: the one member of a replica set on a loopback port, which speaks the wire
 * protocol, keeps documents, and counts the commands that it is sent. In place of a server, of which
 * there is none in Debian or the npm registry. No access control, no TLS.
 */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { type Document, ObjectId } from 'mongodb';
import { CommandError, Documents } from './documents.js';
import { type Message, Messages, replyTo } from './wire.js';

const HANDSHAKES: ReadonlySet<string> = new Set(['hello', 'ismaster', 'isMaster']);
/** Collections that make trouble: the connection ends instead of an answer; once, when it is `flaky`. */
const TROUBLE: ReadonlySet<unknown> = new Set(['gone', 'flaky']);
/** The answer to what asks the collection `slow` takes as long. */
const SLOW_MS = 4000;

export interface MongoPeer {
  readonly url: string;
  /** How often each command came since the last `reset`, by name. */
  readonly counts: Readonly<Record<string, number>>;
  /** As new: nothing counted, no documents. */
  reset(): void;
  stop(): Promise<void>;
}

export async function startMongoPeer(): Promise<MongoPeer> {
  let documents = new Documents();
  const sockets = new Set<Socket>();
  const counts: Record<string, number> = {};
  let isFlaky = true;
  const answer = (message: Message, socket: Socket): void => {
    const [name = ''] = Object.keys(message.command);
    const isHandshake = HANDSHAKES.has(name);
    if (!isHandshake) counts[name] = (counts[name] ?? 0) + 1;
    const collection: unknown = message.command[name];
    if (TROUBLE.has(collection) && (collection === 'gone' || isFlaky)) {
      isFlaky = false;
      socket.destroy();
      return;
    }
    const reply = isHandshake ? hello(port) : answered(documents, name, message.command);
    if (!message.wantsReply) return;
    const send = (): unknown => socket.destroyed || socket.write(replyTo(message, reply));
    if (collection === 'slow') setTimeout(send, SLOW_MS);
    else send();
  };
  const server = createServer((socket) => {
    const messages = new Messages();
    sockets.add(socket);
    socket.on('data', (chunk: Buffer) => {
      for (const message of messages.read(chunk)) answer(message, socket);
    });
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `mongodb://127.0.0.1:${port}/test?replicaSet=peer`,
    counts,
    reset() {
      for (const name of Object.keys(counts)) delete counts[name];
      documents = new Documents();
      isFlaky = true;
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function answered(documents: Documents, name: string, command: Document): Document {
  try {
    if (name === 'noSuchCommand') throw new CommandError(59, 'CommandNotFound');
    return { ...documents.answer(name, command), ok: 1 };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return { ok: 0, code: error.code, codeName: error.codeName, errmsg: error.codeName };
  }
}

const ELECTION = new ObjectId();

function hello(port: number): Document {
  const me = `127.0.0.1:${port}`;
  return {
    helloOk: true,
    ismaster: true,
    isWritablePrimary: true,
    secondary: false,
    setName: 'peer',
    setVersion: 1,
    electionId: ELECTION,
    hosts: [me],
    me,
    primary: me,
    maxBsonObjectSize: 16_777_216,
    maxMessageSizeBytes: 48_000_000,
    maxWriteBatchSize: 100_000,
    localTime: new Date(),
    logicalSessionTimeoutMinutes: 30,
    minWireVersion: 0,
    maxWireVersion: 21,
    readOnly: false,
    ok: 1,
  };
}
