/**
 * Trace and route of a request as Server-Timing, for the beacon of the page that asked: a navigation or a
 * call of its scripts. Loaded late, only where an option asks for it.
 */
import { routeSoFar } from './request-recorder.js';
import type { RequestState } from './request-state.js';
import { traceparentOf } from './trace-context.js';

/** Files are joined to nothing. Browsers on plain HTTP do not say for what they ask: then all are told. */
const JOINED = new Set(['document', 'iframe', 'empty']);
/** What can stand between quotation marks as it is. */
const QUOTABLE = /^[\x20\x21\x23-\x5b\x5d-\x7e]{1,200}$/;

export function serverTimingOf(
  state: RequestState,
  statusCode: number,
): readonly (readonly [string, string])[] {
  const purpose = state.callerHeaders()?.['sec-fetch-dest'];
  if (purpose !== undefined && !JOINED.has(String(purpose))) return [];
  const trace = `traceparent;desc="${traceparentOf(state)}"`;
  const route = routeSoFar(state, statusCode) ?? '';
  const isTold = QUOTABLE.test(route);
  return [['Server-Timing', isTold ? `${trace}, route;desc="${route}"` : trace]];
}
