/**
 * From the stack of a query to the line of the application that makes it. Packages and the runtime are left
 * out, source maps applied. An application often has a function of its own through which every query goes: its line
 * explains nothing, so the frame nearest to where the statement itself is written is taken before it; and a line that
 * makes several different statements is passed over. Runs in the agent's worker.
 */
import { type Folders, shortPath } from '../../shared/short-path.js';
import type { StackFrame } from '../../shared/worker-protocol.js';
import type { FindingPlace } from '../../transport/finding-event.js';
import { ormOf } from './orm-names.js';
import { pathOfFrame, type SourceMaps, textOfFile } from './source-maps.js';

const FRAMES_MAX = 8;
/** A collector takes no longer text. */
const STACK_LENGTH_MAX = 1024;
const NAME_LENGTH_MAX = 128;
/** Around a call, the lines in which the statement may be written. */
const [LINES_BEFORE, LINES_AFTER] = [12, 8];
/** Lines that are remembered, and different statements of one with which it is nobody's line. */
const LINES_MAX = 500;
const STATEMENTS_MAX = 3;

interface Line {
  readonly file: string;
  readonly line: number;
  readonly function: string;
}

/** A stack as far as it is the application's, innermost first. */
export interface QueryPlace {
  readonly lines: readonly Line[];
  /** The one near which the statement is written, or -1. */
  readonly written: number;
  readonly orm: string | undefined;
}

export class QueryPlaceReader {
  readonly #folders: Folders;
  readonly #maps: SourceMaps;
  /** Statements by lines that make them. */
  readonly #statements = new Map<string, Set<string>>();

  constructor(folders: Folders, maps: SourceMaps) {
    this.#folders = folders;
    this.#maps = maps;
  }

  /** Undefined when nobody of the application is on the stack. `text`: the statement as a batch has it. */
  read(frames: readonly StackFrame[], text: string): QueryPlace | undefined {
    const lines: Line[] = [];
    const core = coreOf(text);
    let written = -1;
    let nearest = Number.POSITIVE_INFINITY;
    for (const [name, frameFile, line, column] of frames) {
      const file = pathOfFrame(frameFile);
      if (file === undefined || isForeign(file) || lines.length === FRAMES_MAX) continue;
      const original = this.#maps.original({ file, line, column });
      if (isForeign(original.file)) continue;
      const distance = core === '' ? nearest : distanceTo(core, file, line);
      if (distance < nearest) {
        nearest = distance;
        written = lines.length;
      }
      lines.push({
        file: shortPath(original.file, this.#folders),
        line: original.line,
        function: name === '' ? '(anonymous)' : name.slice(0, NAME_LENGTH_MAX),
      });
    }
    if (lines.length === 0) return undefined;
    this.#remember(lines[0]!, text);
    return { lines, written, orm: ormOf(frames) };
  }

  /** As far as is known now: more statements may have been met since. */
  shown({ lines, written }: QueryPlace): FindingPlace {
    const own = lines.findIndex((line) => !this.#isNobodys(line));
    const at = written >= 0 ? written : Math.max(0, own);
    return { ...lines[at]!, stack: stackOf(lines) };
  }

  #remember(line: Line, text: string): void {
    const key = keyOf(line);
    const known = this.#statements.get(key);
    if (known === undefined) {
      if (this.#statements.size < LINES_MAX) this.#statements.set(key, new Set([text]));
    } else if (known.size < STATEMENTS_MAX) known.add(text);
  }

  #isNobodys(line: Line): boolean {
    return (this.#statements.get(keyOf(line))?.size ?? 0) >= STATEMENTS_MAX;
  }
}

function keyOf({ file, line }: Line): string {
  return `${file}:${line}`;
}

function isForeign(file: string): boolean {
  return /[\\/]node_modules[\\/]|^node:/.test(file);
}

/** What of a statement its author must have written in one piece: the table, with what comes before it. */
function coreOf(text: string): string {
  return withoutBlanks(/\b(?:FROM|INTO|UPDATE)\s+["`[]?[\w.]+/i.exec(text)?.[0] ?? '');
}

/** How many lines lie between a call and where `core` is written; infinite when it is not there. */
function distanceTo(core: string, file: string, line: number): number {
  const lines = textOfFile(file)?.split('\n') ?? [];
  const first = Math.max(0, line - 1 - LINES_BEFORE);
  let least = Number.POSITIVE_INFINITY;
  for (let at = first; at < Math.min(lines.length, line + LINES_AFTER); at++) {
    // It may go on in the next line.
    const text = withoutBlanks(`${lines[at]}${lines[at + 1] ?? ''}`);
    if (text.includes(core)) least = Math.min(least, Math.abs(at + 1 - line));
  }
  return least;
}

function withoutBlanks(text: string): string {
  return text.replaceAll(/\s+/g, '').toLowerCase();
}

function stackOf(lines: readonly Line[]): string {
  return lines
    .map(({ function: name, file, line }) => `at ${name} (${file}:${line})`)
    .join('\n')
    .slice(0, STACK_LENGTH_MAX);
}
