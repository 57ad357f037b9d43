/**
 * A thread's own stack: what the main thread offers the agent's worker while it is blocked, and where a query
 * is made (./query-places.ts). The worker calls the offer through the inspector (src/workers/capture-stack.ts),
 * so it runs between two instructions of the application, whose `Error.prepareStackTrace` must neither be called nor be seen to change. Names and
 * positions only: no argument, no value. Bounded by FRAMES_MAX.
 */
import { type OwnStack, STACK_OFFER, type StackFrame } from '../shared/worker-protocol.js';
import { hideGlobally } from './hidden-global.js';
import { inspector } from './late-builtins.js';

/** Enough to find the application under a framework and the runtime. */
const FRAMES_MAX = 64;

// Taken before the application can replace them.
const { defineProperty, deleteProperty, getOwnPropertyDescriptor } = Reflect;
const { captureStackTrace } = Error;
const { stringify } = JSON;

/** Whether somebody may hold this thread at a breakpoint. Without an inspector nobody can. */
export function isInspected(): boolean {
  return inspector()?.url() !== undefined;
}

/** Puts the offer where the worker finds it. `readBeat` tells whether the thread still stands. */
export function offerStack(readBeat: () => number): void {
  // Loaded here, where it costs 0.2 ms: in the middle of a block it might come upon a half-loaded module.
  isInspected();
  const answer = (beat: number): OwnStack => {
    if (readBeat() !== beat) return { state: 'turned' };
    return isInspected() ? { state: 'inspected' } : { state: 'stack', frames: framesAbove(offer) };
  };
  const offer = (beat: number): string => stringify(answer(beat));
  hideGlobally(Symbol.for(STACK_OFFER), offer);
}

/** The frames under `above`, but for the agent's own; those after an `await` included. */
export function framesAbove(above: (...args: never[]) => unknown): Frames {
  const holder: { stack?: unknown } = {};
  const restore = [
    replace('stackTraceLimit', FRAMES_MAX),
    replace('prepareStackTrace', (_error: unknown, sites: NodeJS.CallSite[]) => sites.map(frameOf)),
  ];
  try {
    captureStackTrace(holder, above);
    const { stack } = holder;
    // A string where the property could not be replaced, which is what a frozen Error says.
    if (!Array.isArray(stack)) return [];
    const own = ownFolder();
    return (stack as Frames).filter(([, file]) => !file.startsWith(own));
  } finally {
    for (const undo of restore) undo();
  }
}

export type Frames = readonly StackFrame[];

/** Once it is built the agent is one file, with late code below its folder. */
function ownFolder(): string {
  // Not read before it is needed: `import.meta` is made by its first reading, 0.5 ms.
  return import.meta.url.slice(0, import.meta.url.lastIndexOf('/') + 1);
}

function frameOf(site: NodeJS.CallSite): Frames[number] {
  return [
    site.getFunctionName() ?? '',
    site.getFileName() ?? '',
    site.getLineNumber() ?? 0,
    site.getColumnNumber() ?? 0,
  ];
}

/** Defines, so that no setter of the application runs. Returns what puts back what was there. */
function replace(name: 'stackTraceLimit' | 'prepareStackTrace', value: unknown): () => void {
  const before = getOwnPropertyDescriptor(Error, name);
  if (!defineProperty(Error, name, { value, writable: true, configurable: true })) return () => {};
  return () => {
    if (before === undefined) deleteProperty(Error, name);
    else defineProperty(Error, name, before);
  };
}
