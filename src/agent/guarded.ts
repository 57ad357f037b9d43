/**
 * A fault of ours must not become the application's: a subscriber of a diagnostics channel that
 * throws becomes an uncaughtException. Every callback of a probe goes through here.
 */
import type { WarningCode } from '../shared/codes.js';

/** Errors a callback may make before it is switched off. */
const ERRORS_MAX = 10;

export type Warn = (code: WarningCode, detail: string) => void;

/** `callback` with its errors caught; after ten of them it is silent and a warning says so. */
export function guarded<Message>(
  name: string,
  warn: Warn,
  callback: (message: Message) => void,
): (message: Message) => void {
  let errors = 0;
  return (message) => {
    if (errors >= ERRORS_MAX) return;
    try {
      callback(message);
    } catch (error) {
      errors += 1;
      if (errors === ERRORS_MAX) {
        warn('TACHO_PROBE_OFF', `${name}: ${error instanceof Error ? error.message : error}`);
      }
    }
  };
}
