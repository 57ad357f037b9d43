/**
 * W3C Trace Context of a unit, made when first somebody asks: an outbound call, a log line, a trace
 * that is kept. A unit that nobody asks for has none. https://www.w3.org/TR/trace-context/
 */
import type { IncomingHttpHeaders } from 'node:http';
import { nowMs, wallTimeMs } from './clock.js';
import type { TraceIds, Unit } from './unit.js';

const TRACEPARENT = /^[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(?:-.*)?$/;
const TRACE_ID_DIGITS = 32;
const SPAN_ID_DIGITS = 16;

/** The ids of `unit`: those that its caller sent, as far as they are valid, or new ones. */
export function traceIdsOf(unit: Unit): TraceIds {
  unit.trace ??= idsFrom(unit.callerHeaders()?.traceparent);
  return unit.trace;
}

/** As a header for whoever the unit calls. */
export function traceparentOf(unit: Unit): string {
  const { traceId, spanId, isSampled } = traceIdsOf(unit);
  return `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`;
}

const TRACESTATE_LENGTH_MAX = 512;

/** What other tools have to say of a trace that the unit's caller began; passed on as it came. */
export function tracestateOf(unit: Unit): string | undefined {
  const state = unit.callerHeaders()?.tracestate;
  const isPassed = traceIdsOf(unit).parentId !== undefined && typeof state === 'string';
  return isPassed && state !== '' && state.length <= TRACESTATE_LENGTH_MAX ? state : undefined;
}

function idsFrom(header: IncomingHttpHeaders[string]): TraceIds {
  const [, traceId = '', parentId = '', flags = ''] = TRACEPARENT.exec(String(header ?? '')) ?? [];
  const spanId = randomHex(SPAN_ID_DIGITS);
  const isValid =
    !/^0*$/.test(traceId) && !/^0*$/.test(parentId) && !String(header).startsWith('ff');
  return isValid
    ? { traceId, spanId, parentId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 }
    : { traceId: randomHex(TRACE_ID_DIGITS), spanId, parentId: undefined, isSampled: true };
}

/**
 * Ids need to differ, not to be secret: node:crypto would take 4 ms to load, and `Math.random` is the
 * application's, whose sequence may be seeded or mocked. xorshift128, https://doi.org/10.18637/jss.v008.i14.
 */
const words: Uint32Array = new Uint32Array(4);

function nextWord(): number {
  if (words.every((word) => word === 0)) seed();
  let t = words[3]!;
  t ^= t << 11;
  t ^= t >>> 8;
  words.copyWithin(1, 0, 3);
  t ^= words[0]! ^ (words[0]! >>> 19);
  words[0] = t;
  return words[0]!;
}

/** From what differs between processes, threads and starts; the clock counts nanoseconds. */
function seed(): void {
  const time = process.hrtime.bigint() ^ (BigInt(Math.round(wallTimeMs(nowMs()) * 1000)) << 20n);
  words[0] = Number(time & 0xffff_ffffn);
  words[1] = Number((time >> 32n) & 0xffff_ffffn);
  words[2] = process.pid;
  words[3] = 0x9e37_79b9 ^ Number(process.hrtime.bigint() & 0xffff_ffffn);
  for (let i = 0; i < 20; i++) nextWord();
}

function randomHex(digits: number): string {
  let hex = '';
  while (hex.length < digits) hex += nextWord().toString(16).padStart(8, '0');
  return /^0*$/.test(hex) ? randomHex(digits) : hex;
}
