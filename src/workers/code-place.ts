/**
 * From the frames of a stack to a place in the application's code: the runtime's frames are left out, and
 * a path says no more than it must. Pure.
 */
import { fileURLToPath } from 'node:url';
import type { StackFrame } from '../shared/worker-protocol.js';

export interface CodePlace {
  readonly function: string;
  /** Relative to the application's folder when it lies in it. */
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
const FILE_LENGTH_MAX = 256;
const ANONYMOUS = '(anonymous)';
/** What has no file: a function of the language itself, or code made from text. */
const NO_FILE = 'native';

/** Undefined when no frame has a file. */
export function codePlace(frames: readonly StackFrame[], cwd: string): CodePlace | undefined {
  const own = frames.filter(([, file]) => !file.startsWith('node:'));
  // Where the runtime blocked by itself, its own frames are better than none.
  const shown = own.some(hasFile) ? own : frames;
  const inner = shown.find(hasFile);
  if (inner === undefined) return undefined;
  return {
    function: nameOf(inner),
    file: shownFile(inner[1], cwd),
    line: inner[2],
    column: inner[3],
    stack: shown
      .slice(0, FRAMES_MAX)
      .map((frame) => `at ${nameOf(frame)} (${positionOf(frame, cwd)})`)
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

function positionOf(frame: StackFrame, cwd: string): string {
  const [, file, line, column] = frame;
  return hasFile(frame) ? `${shownFile(file, cwd)}:${line}:${column}` : NO_FILE;
}

/** Folders in which people have theirs. */
const HOMES: ReadonlySet<string> = new Set(['home', 'Users']);

/**
 * In the application's folder, relative to it; in a package elsewhere, from `node_modules` on; else the
 * file and its folder, for what is above them names people and machines. The query of a module's URL
 * may hold anything and is left out.
 */
function shownFile(file: string, cwd: string): string {
  if (file.startsWith('node:')) return file;
  const path = pathOf(file).replaceAll('\\', '/');
  const folder = `${cwd.replaceAll('\\', '/').replace(/\/$/, '')}/`;
  if (folder !== '/' && path.startsWith(folder)) return ending(path.slice(folder.length));
  const inModules = path.lastIndexOf('/node_modules/');
  if (inModules >= 0) return ending(path.slice(inModules + 1));
  const parts = path.split('/').filter(Boolean);
  // Someone's own folder names someone, too.
  const isHome = HOMES.has(parts.at(-3) ?? '');
  return ending(['…', ...parts.slice(isHome ? -1 : -2)].join('/'));
}

/** The end of a long path is what tells it apart. */
function ending(path: string): string {
  return path.length <= FILE_LENGTH_MAX ? path : `…${path.slice(1 - FILE_LENGTH_MAX)}`;
}

function pathOf(file: string): string {
  try {
    if (file.startsWith('file:')) return fileURLToPath(file);
  } catch {
    // A host in it, or an escape that is none: taken as it stands.
  }
  return file.startsWith('data:') ? 'data:' : file.replace(/[?#].*$/s, '');
}
