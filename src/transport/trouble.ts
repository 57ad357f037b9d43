/**
 * How this room reports trouble. The worker never writes to stdout or stderr: whoever owns it decides
 * what becomes of a report (one warning per code, `doctor`, a debug log).
 */
import type { WarningCode } from '../shared/codes.js';

/** `detail` is one sentence for people; it never holds credentials. */
export type OnTrouble = (code: WarningCode, detail: string) => void;
