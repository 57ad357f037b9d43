/** Whole kernel files as strings, for the slow tier and the start, where a string costs nothing. */
import { closeSync, openSync, readSync } from 'node:fs';

const CHUNK_BYTES = 32 * 1024;

/**
 * The file's text, at most `bytesMax` bytes of it and then only whole lines; undefined when it
 * cannot be read. `readFileSync` would read a mount table of any size.
 */
export function readText(path: string, bytesMax: number): string | undefined {
  let fd = -1;
  try {
    fd = openSync(path, 'r');
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    const chunks: Buffer[] = [];
    let total = 0;
    while (total < bytesMax) {
      const bytes = readSync(fd, chunk, 0, Math.min(CHUNK_BYTES, bytesMax - total), null);
      if (bytes === 0) break;
      chunks.push(Buffer.from(chunk.subarray(0, bytes)));
      total += bytes;
    }
    const text = Buffer.concat(chunks).toString('utf8');
    return total < bytesMax ? text : text.slice(0, text.lastIndexOf('\n') + 1);
  } catch {
    return undefined;
  } finally {
    if (fd !== -1) closeSync(fd);
  }
}
