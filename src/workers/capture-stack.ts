/**
 * Asks a blocked main thread for its stack (src/agent/own-stack.ts answers). Runs in the agent's worker.
 * One question a call; how often it may be asked is its caller's affair.
 */
import type { Folders } from '../shared/short-path.js';
import { type OwnStack, STACK_OFFER } from '../shared/worker-protocol.js';
import { type CodePlace, codePlace } from './code-place.js';
import type { MainInspector } from './main-inspector.js';

/** An answer that took longer waited for a native call: what called it may have returned meanwhile. */
const EXACT_MS_MAX = 50;

export type Capture =
  | { readonly state: 'caught'; readonly place: CodePlace; readonly isApproximate: boolean }
  /** An inspector is open in the application: what holds the thread may be a breakpoint. */
  | { readonly state: 'inspected' }
  /** It turned before it answered, cannot be asked, or runs nothing that has a name. */
  | { readonly state: 'missed' };

export type CaptureStack = (beat: number) => Promise<Capture>;

/** @param folders of the application, by which files are named */
export function createCapture(inspector: MainInspector, folders: Folders): CaptureStack {
  return async (beat) => {
    const offer = `globalThis[Symbol.for(${JSON.stringify(STACK_OFFER)})]`;
    const { value, tookMs } = await inspector.evaluate(`${offer}?.(${beat})`);
    if (typeof value !== 'string') return { state: 'missed' };
    const stack = JSON.parse(value) as OwnStack;
    switch (stack.state) {
      case 'inspected':
        return { state: 'inspected' };
      case 'turned':
        return { state: 'missed' };
      case 'stack': {
        // The first frame is the question itself.
        const place = codePlace(stack.frames.slice(1), folders);
        if (place === undefined) return { state: 'missed' };
        return {
          state: 'caught',
          place,
          isApproximate: tookMs > EXACT_MS_MAX,
        };
      }
    }
  };
}
