/**
 * The agent's voice: `process.emitWarning` with a code, once per code and process, and nothing at
 * all when TACHOGRAPH_LOG is silent. Main thread and the app's worker threads.
 */
import { WARNINGS, type WarningCode } from '../shared/codes.js';
import type { Options } from '../shared/options.js';
import type { Warn } from './guarded.js';

export function createWarn(log: Options['log']): Warn {
  const told = new Set<WarningCode>();
  return (code, detail) => {
    const isRepeat = told.has(code);
    told.add(code);
    // Each wrong option is a trouble of its own: all of them are told.
    if (log === 'silent' || (isRepeat && log !== 'debug' && !code.startsWith('TACHO_OPTION')))
      return;
    process.emitWarning(`${WARNINGS[code]} ${detail}`, { type: 'TachographWarning', code });
  };
}
