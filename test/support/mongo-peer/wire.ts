/**
 * MongoDB's wire protocol as far as its drivers use it: OP_MSG, and for the first handshake OP_QUERY with
 * OP_REPLY. (https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/)
 */
import { BSON, type Document } from 'mongodb';

const HEADER_BYTES = 16;
const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;
/** Of OP_MSG: nobody awaits a reply. */
const MORE_TO_COME = 2;

export interface Message {
  readonly requestId: number;
  readonly opCode: number;
  readonly command: Document;
  readonly wantsReply: boolean;
}

/** Whole messages out of what comes in pieces. */
export class Messages {
  #rest: Buffer = Buffer.alloc(0);

  *read(chunk: Buffer): Generator<Message> {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    while (this.#rest.length >= 4 && this.#rest.length >= this.#rest.readInt32LE(0)) {
      const length = this.#rest.readInt32LE(0);
      yield parse(this.#rest.subarray(0, length));
      this.#rest = this.#rest.subarray(length);
    }
  }
}

export function replyTo({ requestId, opCode }: Message, reply: Document): Buffer {
  const body = Buffer.from(BSON.serialize(reply));
  // OP_MSG: flags, then one section of kind 0. OP_REPLY: flags, cursor, first document, how many.
  const before = Buffer.alloc(opCode === OP_MSG ? 5 : 20);
  if (opCode !== OP_MSG) before.writeInt32LE(1, 16);
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeInt32LE(HEADER_BYTES + before.length + body.length, 0);
  header.writeInt32LE(requestId, 8);
  header.writeInt32LE(opCode === OP_MSG ? OP_MSG : OP_REPLY, 12);
  return Buffer.concat([header, before, body]);
}

function parse(message: Buffer): Message {
  const requestId = message.readInt32LE(4);
  const opCode = message.readInt32LE(12);
  if (opCode === OP_MSG) {
    const flags = message.readUInt32LE(HEADER_BYTES);
    const command = sectionsOf(message, HEADER_BYTES + 4);
    return { requestId, opCode, command, wantsReply: (flags & MORE_TO_COME) === 0 };
  }
  if (opCode !== OP_QUERY) throw new Error(`expected OP_MSG or OP_QUERY, got ${opCode}`);
  const nameEnd = message.indexOf(0, HEADER_BYTES + 4);
  const { document } = documentAt(message, nameEnd + 9);
  return { requestId, opCode, command: document, wantsReply: true };
}

/** Kind 0 is the command; kind 1 a list of it by name: the documents to insert, say. */
function sectionsOf(message: Buffer, from: number): Document {
  let command: Document = {};
  const lists: Document = {};
  let at = from;
  while (at < message.length) {
    const kind = message.readUInt8(at);
    if (kind === 0) {
      const { document, end } = documentAt(message, at + 1);
      command = document;
      at = end;
      continue;
    }
    const sectionEnd = at + 1 + message.readInt32LE(at + 1);
    const nameEnd = message.indexOf(0, at + 5);
    const list: Document[] = [];
    lists[message.toString('utf8', at + 5, nameEnd)] = list;
    at = nameEnd + 1;
    while (at < sectionEnd) {
      const { document, end } = documentAt(message, at);
      list.push(document);
      at = end;
    }
  }
  return { ...command, ...lists };
}

function documentAt(message: Buffer, at: number): { document: Document; end: number } {
  const end = at + message.readInt32LE(at);
  return { document: BSON.deserialize(message.subarray(at, end)), end };
}
