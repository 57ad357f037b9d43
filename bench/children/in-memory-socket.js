/**
 * A connection without a kernel: bytes pushed in are a request, bytes written out are dropped. Has the counters
 * of a real socket, so that the same probes run as on one.
 */
import { Duplex } from 'node:stream';

const STATUS_LINE = 'HTTP/1.1 200 ';

export class InMemorySocket extends Duplex {
  bytesRead = 0;
  bytesWritten = 0;
  /** net.Socket's counter without the walk over what is buffered: here nothing ever is. */
  _bytesDispatched = 0;
  /** True when the answer to the last request is complete. */
  isReady = true;
  #onAnswer;

  /** @param {() => void} onAnswer */
  constructor(onAnswer) {
    // As net.Socket: strings are written as strings, without a copy.
    super({ decodeStrings: false });
    this.#onAnswer = onAnswer;
  }

  /** @param {Buffer} request */
  feed(request) {
    this.isReady = false;
    this.bytesRead += request.length;
    this.push(request);
  }

  /** @override */
  _read() {}

  /**
   * @override
   * @param {Buffer | string} chunk
   * @param {BufferEncoding} encoding
   * @param {(error?: Error) => void} done
   */
  _write(chunk, encoding, done) {
    this.#drop([{ chunk, encoding }], done);
  }

  /**
   * @override
   * @param {{ chunk: Buffer | string, encoding: BufferEncoding }[]} chunks
   * @param {(error?: Error) => void} done
   */
  _writev(chunks, done) {
    this.#drop(chunks, done);
  }

  /**
   * Servers cork while they write an answer, so that one flush is one whole answer; this is checked.
   *
   * @param {{ chunk: Buffer | string, encoding: BufferEncoding }[]} chunks
   * @param {(error?: Error) => void} done
   */
  #drop(chunks, done) {
    const head = chunks[0]?.chunk;
    if (typeof head !== 'string' || !head.startsWith(STATUS_LINE) || this.isReady) {
      const came = this.isReady ? 'a second write for one request' : String(head).slice(0, 40);
      done(
        new Error(`in-memory socket: expected one write that begins "${STATUS_LINE}", got ${came}`),
      );
      return;
    }
    for (const { chunk, encoding } of chunks) {
      this._bytesDispatched += Buffer.byteLength(chunk, encoding);
    }
    this.bytesWritten = this._bytesDispatched;
    this.isReady = true;
    this.#onAnswer();
    done();
  }
}
