/** How far back a command looks: what `--since` says, as the collector's API takes it. Pure. */
import { UsageError } from './exit-codes.js';

/** @throws {UsageError} */
export function sinceOf(text: string): string {
  if (/^(?:\d+(?:ms|[smhdw]))+$/.test(text)) return `-${text}`;
  throw new UsageError(`expected --since like 6h or 7d, got ${JSON.stringify(text)}.`);
}
