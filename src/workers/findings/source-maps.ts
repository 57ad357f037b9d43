/**
 * From a position in code that runs to the one in the code that was written, by the source map that the file
 * names. Reads files of the application, none larger than BYTES_MAX, and remembers FILES_MAX of them, with maps of
 * MAPS_LENGTH_MAX in all. Runs in the agent's worker, when a place was asked for.
 */
import { readFileSync, statSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

const BYTES_MAX = 4 * 1024 * 1024;
const FILES_MAX = 16;
/**
 * Characters of maps without the sources in them. A decoded map takes 30 bytes for each (Node 20), so 45 MB of the
 * worker's 128.
 */
const MAPS_LENGTH_MAX = 1.5 * 1024 * 1024;
/** The last one counts; what is in quotes is a text about source maps. */
const MAP_URL = /^\/\/[#@] sourceMappingURL=([^\s'"`]+)\s*$/gm;
const INLINE = /^data:application\/json[^,]*?(;base64)?,/;

export interface Position {
  /** A path; of what is no file as it was. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

interface MapText {
  readonly payload: SourceMapPayload;
  /** Of the map, against which its sources are named. */
  readonly url: URL;
  /** Of its text, without the sources in it. */
  readonly length: number;
}

interface Mapped {
  readonly map: SourceMap;
  readonly url: URL;
  readonly length: number;
}

export class SourceMaps {
  readonly #files = new Map<string, Mapped | undefined>();

  /** `position` in a file of its own: where it was written, or as it is when nobody knows. */
  original(position: Position): Position {
    try {
      const mapped = this.#mapOf(position.file);
      return (mapped && found(mapped, position)) ?? position;
    } catch {
      // A file that is gone, or a map that is none.
      return position;
    }
  }

  #mapOf(file: string): Mapped | undefined {
    if (this.#files.has(file)) return this.#files.get(file);
    if (this.#files.size >= FILES_MAX) this.#files.clear();
    this.#files.set(file, undefined);
    const text = readMap(file);
    if (text === undefined || text.length > MAPS_LENGTH_MAX) return undefined;
    const { payload, url, length } = text;
    this.#makeRoom(length);
    const mapped = { map: new SourceMap(payload), url, length };
    this.#files.set(file, mapped);
    return mapped;
  }

  /** The oldest go; that a file has no map is remembered. */
  #makeRoom(length: number): void {
    let sum = length;
    for (const mapped of this.#files.values()) sum += mapped?.length ?? 0;
    for (const [file, mapped] of this.#files) {
      if (sum <= MAPS_LENGTH_MAX) return;
      if (mapped === undefined) continue;
      sum -= mapped.length;
      this.#files.delete(file);
    }
  }
}

/** The text of a file; undefined when it cannot be read, or is too large. */
export function textOfFile(file: string): string | undefined {
  try {
    return statSync(file).size > BYTES_MAX ? undefined : readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** The path of a file that a frame names by a URL or a path; undefined for what is none. */
export function pathOfFrame(file: string): string | undefined {
  if (!file.startsWith('file:')) return /^(?:\/|[A-Za-z]:[\\/])/.test(file) ? file : undefined;
  try {
    return fileURLToPath(file.replace(/[?#].*$/s, ''));
  } catch {
    return undefined;
  }
}

function readMap(file: string): MapText | undefined {
  const reference = [...(textOfFile(file)?.matchAll(MAP_URL) ?? [])].at(-1)?.[1];
  if (reference === undefined) return undefined;
  const inline = INLINE.exec(reference);
  const url = inline === null ? new URL(reference, pathToFileURL(file)) : pathToFileURL(file);
  const text =
    inline === null
      ? url.protocol === 'file:' && textOfFile(fileURLToPath(url))
      : decoded(reference.slice(inline[0].length), inline[1] !== undefined);
  if (typeof text !== 'string') return undefined;
  const { sourcesContent = [], ...rest } = JSON.parse(text) as Partial<SourceMapPayload>;
  const sourcesLength = sourcesContent.reduce((sum, source) => sum + (source?.length ?? 0), 0);
  // The type wants them; nothing looks for them.
  const payload = { ...rest, sourcesContent: [] as string[] } as SourceMapPayload;
  return { payload, url, length: text.length - sourcesLength };
}

function decoded(text: string, isBase64: boolean): string {
  return isBase64 ? Buffer.from(text, 'base64').toString() : decodeURIComponent(text);
}

function found({ map, url }: Mapped, { line, column }: Position): Position | undefined {
  const entry = map.findEntry(line - 1, column - 1);
  if (!('originalSource' in entry) || typeof entry.originalSource !== 'string') return undefined;
  const source = new URL(entry.originalSource, new URL(map.payload.sourceRoot ?? '', url));
  const file = source.protocol === 'file:' ? fileURLToPath(source) : entry.originalSource;
  return { file, line: entry.originalLine + 1, column: entry.originalColumn + 1 };
}
