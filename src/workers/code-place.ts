/**
 * From the frames of a stack to a place in the application's code: the runtime's frames are left out, and
 * a path says no more than it must (src/shared/short-path.ts). Pure.
 */
import { fileURLToPath } from 'node:url';
import { type Folders, shortPath } from '../shared/short-path.js';
import type { StackFrame } from '../shared/worker-protocol.js';

export interface CodePlace {
  readonly function: string;
  /** Never absolute, and without whatever follows it in a URL. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Up to FRAMES_MAX lines `at name (file:line:column)`, innermost first. */
  readonly stack: string;
}

const FRAMES_MAX = 8;
/** A collector takes no longer text. */
const STACK_LENGTH_MAX = 1024;
const NAME_LENGTH_MAX = 128;
const ANONYMOUS = '(anonymous)';
/** What has no file: a function of the language itself, or code made from text. */
const NO_FILE = 'native';

/** Undefined when no frame has a file. */
export function codePlace(frames: readonly StackFrame[], folders: Folders): CodePlace | undefined {
  const own = frames.filter(([, file]) => !file.startsWith('node:'));
  // Where the runtime blocked by itself, its own frames are better than none.
  const shown = own.some(hasFile) ? own : frames;
  const inner = shown.find(hasFile);
  if (inner === undefined) return undefined;
  return {
    function: nameOf(inner),
    file: shownFile(inner[1], folders),
    line: inner[2],
    column: inner[3],
    stack: shown
      .slice(0, FRAMES_MAX)
      .map((frame) => `at ${nameOf(frame)} (${positionOf(frame, folders)})`)
      .join('\n')
      .slice(0, STACK_LENGTH_MAX),
  };
}

function hasFile([, file]: StackFrame): boolean {
  return file !== '';
}

function nameOf([name]: StackFrame): string {
  return name === '' ? ANONYMOUS : name.slice(0, NAME_LENGTH_MAX);
}

function positionOf(frame: StackFrame, folders: Folders): string {
  const [, file, line, column] = frame;
  return hasFile(frame) ? `${shownFile(file, folders)}:${line}:${column}` : NO_FILE;
}

/** The query of a module's URL may hold anything and is left out. */
function shownFile(file: string, folders: Folders): string {
  return file.startsWith('node:') ? file : shortPath(pathOf(file), folders);
}

function pathOf(file: string): string {
  try {
    if (file.startsWith('file:')) return fileURLToPath(file);
  } catch {
    // A host in it, or an escape that is none: taken as it stands.
  }
  return file.startsWith('data:') ? 'data:' : file.replace(/[?#].*$/s, '');
}
