/**
 * Trace Context on outbound calls: whoever is called by a unit of work gets its `traceparent`, so that
 * both sides' traces join. Only for hosts of the option `propagate`, by default those of one's own
 * network: what is asked of strangers tells them nothing. A header of the application's own stays.
 * https://www.w3.org/TR/trace-context/
 */
import { bareHost, isPrivate } from '../shared/host-name.js';
import { traceparentOf, tracestateOf } from './trace-context.js';
import type { Unit } from './unit.js';

/** Hosts whose answer is remembered; the map is emptied when it is full. */
const HOSTS_MAX = 1000;

export type Propagate = (
  unit: Unit | undefined,
  host: string,
  set: (name: string, value: string) => void,
) => void;

/** `patterns` is the option `propagate`. */
export function createPropagation(patterns: readonly string[]): Propagate {
  const tests = patterns.map(toTest);
  const known = new Map<string, boolean>();
  const isMeant = (host: string): boolean => {
    let answer = known.get(host);
    if (answer === undefined) {
      answer = tests.some((test) => test(host));
      if (known.size >= HOSTS_MAX) known.clear();
      known.set(host, answer);
    }
    return answer;
  };
  return (unit, host, set) => {
    if (unit === undefined || !isMeant(bareHost(host).toLowerCase())) return;
    set('traceparent', traceparentOf(unit));
    const state = tracestateOf(unit);
    if (state !== undefined) set('tracestate', state);
  };
}

function toTest(pattern: string): (host: string) => boolean {
  if (pattern === 'all') return () => true;
  if (pattern === 'none') return () => false;
  if (pattern === 'private') return isPrivate;
  const parts = pattern.toLowerCase().split('*');
  const escaped = parts.map((part) => part.replace(/[\\^$.+?()[\]{}|]/g, '\\$&'));
  const whole = new RegExp(`^${escaped.join('.*')}$`);
  return (host) => whole.test(host);
}
