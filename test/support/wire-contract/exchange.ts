/**
 * The stored exchanges of a version of the wire format: requests as an agent of that version made them, what its
 * collector answered byte for byte, and what became of the batch at the agent.
 */
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';

export interface Exchange {
  readonly name: string;
  /** Absent where the collector's state and not the request decides, as that its disk is full. */
  readonly request?: StoredRequest;
  /** The whole answer, head and body. */
  readonly answer: string;
  /** What the agent's sender makes of it. */
  readonly outcome: Readonly<Record<string, unknown>>;
}

export interface StoredRequest {
  readonly path?: string;
  /** Besides the identity of the batch, and those that every request has. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly sequence: number;
  /** A stored batch. */
  readonly batch: string;
  /** Only so many bytes of it. */
  readonly bytes?: number;
  /** Bytes that are set, by their offsets. */
  readonly set?: Readonly<Record<string, number>>;
  /** Followed by so many zeros. */
  readonly padding?: number;
  readonly isZipped?: boolean;
}

const HEADERS = {
  'content-type': 'application/msgpack',
  'tachograph-agent': 'shop-1:4711',
  'tachograph-boot': '0b9f6a1e-3c52-4d0b-9a55-7f5f8f2f1c11',
};

/** The request's bytes. @param golden the stored batch */
export function requestBytes(stored: StoredRequest, golden: Uint8Array, host: string): Buffer {
  const { path = '/v1/batches', headers = {}, sequence, isZipped = false } = stored;
  const plain = Buffer.concat([
    golden.subarray(0, stored.bytes ?? golden.length),
    Buffer.alloc(stored.padding ?? 0),
  ]);
  for (const [at, byte] of Object.entries(stored.set ?? {})) plain[Number(at)] = byte;
  const body = isZipped ? gzipSync(plain) : plain;
  const all = {
    host,
    connection: 'close',
    'content-length': String(body.length),
    ...HEADERS,
    'tachograph-sequence': String(sequence),
    ...(isZipped ? { 'content-encoding': 'gzip' } : {}),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return Buffer.concat([
    Buffer.from(`POST ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`),
    body,
  ]);
}

/** Sends the bytes over a connection of their own, and gives all that comes back. */
export function exchange(port: number, bytes: Uint8Array): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    socket.on('error', (error) => {
      // The rest of a request that is too large is not wanted, and the answer is there.
      if (text === '') reject(error);
    });
    socket.on('close', () => resolve(text));
    socket.write(bytes);
  });
}

/** What of an answer a sender may go by: its status, type, `Retry-After`, and the body's words without its prose. */
export function essenceOf(answer: string): object {
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = new Map(
    lines.map((line) => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      line.slice(line.indexOf(':') + 1).trim(),
    ]),
  );
  const parsed = body === '' ? {} : JSON.parse(body);
  return {
    status: Number(statusLine.split(' ')[1]),
    contentType: headers.get('content-type'),
    retryAfter: headers.get('retry-after'),
    duplicate: parsed.duplicate,
    code: parsed.error?.code,
  };
}
