/**
 * The terminal for a live view: the alternate screen, redrawn in place, given back however the process
 * ends. Owns stdin's raw mode while it is open.
 */
import type { ReadStream, WriteStream } from 'node:tty';

const ENTER = '\x1b[?1049h\x1b[?25l';
const LEAVE = '\x1b[?25h\x1b[?1049l';
const HOME = '\x1b[H';
const CLEAR_LINE = '\x1b[K';
const CLEAR_BELOW = '\x1b[J';
const CTRL_C = '\x03';

export interface Screen {
  /** Aborted when the person asks to end. */
  readonly ended: AbortSignal;
  draw(): void;
  close(): void;
}

/** @param view Draws text of at most so many columns and lines. */
export function createScreen(
  input: ReadStream,
  output: WriteStream,
  view: (width: number, height: number) => string,
): Screen {
  const ended = new AbortController();
  let isOpen = true;
  const end = (): void => ended.abort();
  const onKey = (key: Buffer): void => {
    const text = key.toString('utf8');
    if (text === 'q' || text === 'Q' || text.includes(CTRL_C)) end();
  };
  const draw = (): void => {
    if (!isOpen) return;
    // A terminal of no size (some CI) is taken as the usual one.
    const text = view(output.columns || 80, output.rows || 24);
    const lines = text.split('\n').map((line) => line + CLEAR_LINE);
    output.write(HOME + lines.join('\r\n') + CLEAR_BELOW);
  };
  const close = (): void => {
    if (!isOpen) return;
    isOpen = false;
    output.off('resize', draw);
    process.off('SIGTERM', end);
    process.off('SIGINT', end);
    process.off('SIGHUP', end);
    process.off('exit', close);
    input.off('data', onKey);
    if (input.isTTY) input.setRawMode(false);
    input.pause();
    output.write(LEAVE);
  };

  output.write(ENTER);
  output.on('resize', draw);
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  process.on('SIGHUP', end);
  // A throw elsewhere must not leave the person on the alternate screen.
  process.on('exit', close);
  if (input.isTTY) input.setRawMode(true);
  input.on('data', onKey);
  input.resume();
  return { ended: ended.signal, draw, close };
}
