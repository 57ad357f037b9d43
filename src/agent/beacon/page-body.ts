/**
 * Puts a tag into the body of a page as it is written, chunk by chunk: behind the beginning of its head.
 * Where a page has none of the places in its first PLACES_BYTES, the tag comes last, which browsers read
 * too. Owns nothing of the body: what was written goes on at once.
 */

/** As Buffer or string, as applications write. */
type Chunk = unknown;

/** A page says where its head is in its first bytes; further on it may be text that looks like it. */
const PLACES_BYTES = 8192;
const COMMENT = /<!--[\s\S]*?(?:-->|$)/g;
/** After the first that is there. */
const PLACES = [/<head(?:\s[^>]*)?>/i, /<html(?:\s[^>]*)?>/i, /^\s*<!doctype[^>]*>/i];

export class PageBody {
  readonly #tag: Buffer;
  #seenBytes = 0;
  #isDone = false;

  constructor(tag: Buffer) {
    this.#tag = tag;
  }

  /** The chunk with the tag, if its place is in it; else the chunk itself. */
  write(chunk: Chunk, encoding: unknown): Chunk {
    if (this.#isDone) return chunk;
    const bytes = bytesOf(chunk, encoding);
    if (bytes === undefined || bytes.length === 0) return chunk;
    const at = placeIn(bytes, PLACES_BYTES - this.#seenBytes);
    this.#seenBytes += bytes.length;
    if (at === undefined) return chunk;
    this.#isDone = true;
    return Buffer.concat([bytes.subarray(0, at), this.#tag, bytes.subarray(at)]);
  }

  /** What the last chunk becomes; undefined may be given, and come back. */
  end(chunk: Chunk, encoding: unknown): Chunk {
    const last = chunk === undefined || chunk === null ? undefined : this.write(chunk, encoding);
    // Of an answer without a body there is no page.
    if (this.#isDone || this.#seenBytes === 0) return last;
    this.#isDone = true;
    const bytes = last === undefined ? Buffer.alloc(0) : bytesOf(last, encoding);
    return bytes === undefined ? last : Buffer.concat([bytes, this.#tag]);
  }
}

/** Undefined: what the runtime will refuse. */
function bytesOf(chunk: Chunk, encoding: unknown): Buffer | undefined {
  if (typeof chunk === 'string') {
    const name = typeof encoding === 'string' && encoding !== 'buffer' ? encoding : 'utf8';
    return Buffer.isEncoding(name) ? Buffer.from(chunk, name) : undefined;
  }
  if (!(chunk instanceof Uint8Array)) return undefined;
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}

function placeIn(bytes: Buffer, bytesMax: number): number | undefined {
  if (bytesMax <= 0) return undefined;
  // A character a byte, so that positions are those of the bytes; comments keep theirs.
  const text = bytes
    .toString('latin1', 0, bytesMax)
    .replace(COMMENT, (comment) => ' '.repeat(comment.length));
  for (const place of PLACES) {
    const match = place.exec(text);
    if (match !== null) return match.index + match[0].length;
  }
  return undefined;
}
