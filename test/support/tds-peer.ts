/**
 * Speaks enough of TDS 7.4 (MS-TDS) to be the server of tedious: it takes any login and counts what it is made
 * to execute. One row with one column for what selects, an error for what has FAIL in it. No SQL Server.
 */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

const [SQL_BATCH, RPC, ATTENTION, TRANSACTION, LOGIN, PRELOGIN] = [1, 3, 6, 14, 16, 18];
const [SP_PREPARE, SP_UNPREPARE] = [11, 15];
const HEADER_BYTES = 8;
const IS_LAST = 1;

const ucs2 = (text: string): Buffer => Buffer.from(text, 'utf16le');
const short = (value: number): Buffer => Buffer.from([value & 0xff, value >> 8]);
const int = (value: number): Buffer => Buffer.from(Int32Array.of(value).buffer);
/** With its length in characters before it. */
const named = (text: string): Buffer => Buffer.concat([Buffer.from([text.length]), ucs2(text)]);
const token = (type: number, ...parts: Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([type]), short(body.length), body]);
};

/** Status: 2 is an error, 16 that the count is one, 32 that it was cancelled. */
const done = (status: number, rows = 0): Buffer =>
  Buffer.concat([Buffer.from([0xfd]), short(status), short(0), int(rows), int(0)]);
const LOGIN_ACK = token(
  0xad,
  Buffer.from([1, 0x74, 0, 0, 4]),
  named('peer'),
  Buffer.from([16, 0, 0, 0]),
);
const PRELOGIN_ANSWER = Buffer.from([
  ...[0, 0, 11, 0, 6], // version
  ...[1, 0, 17, 0, 1], // encryption
  0xff,
  ...[16, 0, 0, 0, 0, 0],
  2, // not supported
]);
const ROW = Buffer.concat([
  Buffer.from([0x81, 1, 0, 0, 0, 0, 0, 0, 0, 0x38]),
  named('one'),
  Buffer.from([0xd1]),
  int(1),
]);
const FAILED = token(
  0xaa,
  int(8134),
  Buffer.from([1, 16]),
  short(4),
  ucs2('FAIL'),
  named(''),
  named(''),
  int(1),
);
/** The handle of a prepared statement. */
const HANDLE = Buffer.concat([
  Buffer.from([0xac, 0, 0]),
  named('@handle'),
  Buffer.from([1, 0, 0, 0, 0, 0, 0, 0x26, 4, 4]),
  int(1),
]);
const DESCRIPTOR = Buffer.from([8, 1, 2, 3, 4, 5, 6, 7, 8]);

export interface TdsPeer {
  readonly port: number;
  /** Requests that made it execute something. */
  readonly executed: number;
  stop(): Promise<void>;
}

export async function startTdsPeer(): Promise<TdsPeer> {
  let executed = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    // Each connection begins with a batch of tedious's own.
    let isNew = true;
    socket.on('error', () => {});
    socket.on(
      'data',
      messages((type, payload) => {
        const isOwn = type === SQL_BATCH && isNew;
        if (type === SQL_BATCH) isNew = false;
        if (isExecuted(type, payload) && !isOwn) executed += 1;
        const body = answer(type, payload);
        const header = Buffer.alloc(HEADER_BYTES);
        header.set([4, IS_LAST]);
        header.writeUInt16BE(HEADER_BYTES + body.length, 2);
        socket.write(Buffer.concat([header, body]));
      }),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return {
    port,
    get executed() {
      return executed;
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Puts packets together to messages. */
function messages(onMessage: (type: number, payload: Buffer) => void): (data: Buffer) => void {
  let waiting = Buffer.alloc(0);
  let payload = Buffer.alloc(0);
  return (data) => {
    waiting = Buffer.concat([waiting, data]);
    while (waiting.length >= HEADER_BYTES && waiting.length >= waiting.readUInt16BE(2)) {
      const bytes = waiting.readUInt16BE(2);
      const [type = 0, status = 0] = waiting;
      payload = Buffer.concat([payload, waiting.subarray(HEADER_BYTES, bytes)]);
      waiting = waiting.subarray(bytes);
      if ((status & IS_LAST) === 0) continue;
      const whole = payload;
      payload = Buffer.alloc(0);
      onMessage(type, whole);
    }
  };
}

/** After the headers of a message, of which the first word is the length. */
function procedureOf(payload: Buffer): number | undefined {
  const at = payload.readUInt32LE(0);
  return payload.readUInt16LE(at) === 0xffff ? payload.readUInt16LE(at + 2) : undefined;
}

function isExecuted(type: number, payload: Buffer): boolean {
  if (type === RPC) return ![SP_PREPARE, SP_UNPREPARE].includes(procedureOf(payload) ?? 0);
  return type === SQL_BATCH || type === TRANSACTION;
}

function answer(type: number, payload: Buffer): Buffer {
  if (type === PRELOGIN) return PRELOGIN_ANSWER;
  if (type === LOGIN) return Buffer.concat([LOGIN_ACK, done(0)]);
  if (type === ATTENTION) return done(0x20);
  if (type === TRANSACTION) return Buffer.concat([changeOf(payload), done(0)]);
  if (type === RPC && procedureOf(payload) === SP_PREPARE) return Buffer.concat([HANDLE, done(0)]);
  if (payload.includes(ucs2('FAIL'))) return Buffer.concat([FAILED, done(2)]);
  return payload.includes(ucs2('SELECT')) ? Buffer.concat([ROW, done(16, 1)]) : done(16, 1);
}

/** A transaction has a descriptor from its begin (5) to its commit (7) or rollback (8). */
function changeOf(payload: Buffer): Buffer {
  const request = payload.readUInt16LE(payload.readUInt32LE(0));
  const none = Buffer.from([0]);
  if (request === 5) return token(0xe3, Buffer.from([8]), DESCRIPTOR, none);
  if (request === 7) return token(0xe3, Buffer.from([9]), none, DESCRIPTOR);
  return request === 8 ? token(0xe3, Buffer.from([10]), none, DESCRIPTOR) : Buffer.alloc(0);
}
