/**
 * What a soak does and when, drawn from its seed: a fault that lasts, often with something sudden in its
 * midst, and a pause before it. Pure: the same seed gives the same steps, whatever becomes of them.
 *
 * Not drawn is what nobody could survive: a kill -9 while the spool's disk fails, for what waits in memory
 * then dies; and anything sudden while batches are refused, for a process tells of such a loss with its
 * next batch.
 */
import { type Fault, httpAnswer } from '../support/fault-proxy/fault.js';
import { seeded } from '../support/seeded.js';

/** Applications that live at a time. */
export const LINES = 2;
const PAUSE_MS_MIN = 200;
const PAUSE_MS_MAX = 2000;
const LASTING_MS_MIN = 300;
/** Past the agent's timeouts of 5 s. Most faults are shorter. */
export const LASTING_MS_MAX = 9000;

export type Lasting =
  /** Nothing is wrong but what is sudden. */
  | { readonly kind: 'calm' }
  | { readonly kind: 'network'; readonly fault: Fault }
  | { readonly kind: 'answer'; readonly status: 429 | 503; readonly retryAfter?: string }
  | { readonly kind: 'refuse-batches'; readonly status: 400 | 413 }
  | { readonly kind: 'stop-application'; readonly line: number }
  | { readonly kind: 'stop-collector' }
  | { readonly kind: 'disk'; readonly of: 'spool' | 'data'; readonly how: 'full' | 'read-only' };

export type Sudden =
  | { readonly kind: 'kill-application' | 'end-application'; readonly line: number }
  | { readonly kind: 'kill-collector' };

export interface Step {
  readonly pauseMs: number;
  readonly lasting: Lasting;
  readonly lastingMs: number;
  /** When something sudden comes, and what. */
  readonly afterMs: number;
  readonly sudden: Sudden | undefined;
}

type Draw = (count: number) => number;

/** Without an end. @param hasDisks whether the spool and the data lie on disks that can be made to fail */
export function* soakSteps(seed: number, hasDisks: boolean): Generator<Step> {
  const random = seeded(seed);
  const draw: Draw = (count) => Math.floor(random() * count);
  const kinds = hasDisks ? [...LASTING, ...ON_DISKS] : LASTING;
  for (;;) {
    const lasting = kinds[draw(kinds.length)]!(draw);
    // Squared: long ones are rare.
    const lastingMs = LASTING_MS_MIN + random() ** 2 * (LASTING_MS_MAX - LASTING_MS_MIN);
    const possible = suddenIn(lasting);
    const isSudden = lasting.kind === 'calm' || random() < 0.6;
    yield {
      pauseMs: PAUSE_MS_MIN + random() * (PAUSE_MS_MAX - PAUSE_MS_MIN),
      lasting,
      lastingMs,
      afterMs: random() * lastingMs,
      sudden: isSudden ? possible[draw(possible.length)]?.(draw) : undefined,
    };
  }
}

const LASTING: readonly ((draw: Draw) => Lasting)[] = [
  () => ({ kind: 'calm' }),
  () => ({ kind: 'calm' }),
  (draw) => network({ kind: 'latency', delayMs: 100 + draw(1500) }),
  (draw) => network({ kind: 'bandwidth', bytesPerSecond: 1 + draw(4000) }),
  (draw) => network({ kind: 'reset', direction: 'up', afterBytes: draw(1000) }),
  (draw) => network({ kind: 'reset', direction: 'down', afterBytes: draw(60) }),
  (draw) => network({ kind: 'truncate', direction: 'up', afterBytes: 1 + draw(1000) }),
  (draw) => network({ kind: 'truncate', direction: 'down', afterBytes: 1 + draw(60) }),
  () => network({ kind: 'black-hole' }),
  () => network({ kind: 'no-answer' }),
  () => network({ kind: 'duplicate' }),
  () => network({ kind: 'refuse' }),
  (draw) => {
    const fault = { kind: 'reset', direction: 'down', afterBytes: draw(60) } as const;
    return network({ kind: 'sometimes', share: 0.5, fault });
  },
  () => ({ kind: 'answer', status: 503 }),
  (draw) => ({ kind: 'answer', status: 503, retryAfter: String(draw(3)) }),
  (draw) => ({ kind: 'answer', status: 429, retryAfter: String(draw(3)) }),
  (draw) => ({ kind: 'refuse-batches', status: draw(2) === 0 ? 400 : 413 }),
  (draw) => ({ kind: 'stop-application', line: draw(LINES) }),
  () => ({ kind: 'stop-collector' }),
];

const ON_DISKS: readonly ((draw: Draw) => Lasting)[] = [
  () => ({ kind: 'disk', of: 'spool', how: 'full' }),
  () => ({ kind: 'disk', of: 'spool', how: 'read-only' }),
  () => ({ kind: 'disk', of: 'data', how: 'full' }),
];

const KILL_APPLICATION = (draw: Draw): Sudden => ({ kind: 'kill-application', line: draw(LINES) });
const END_APPLICATION = (draw: Draw): Sudden => ({ kind: 'end-application', line: draw(LINES) });
const KILL_COLLECTOR = (): Sudden => ({ kind: 'kill-collector' });

function suddenIn(lasting: Lasting): readonly ((draw: Draw) => Sudden)[] {
  switch (lasting.kind) {
    case 'refuse-batches':
      return [];
    case 'stop-application':
      // One that stands still cannot end.
      return [KILL_APPLICATION, KILL_COLLECTOR];
    case 'disk':
      // A collector whose disk is full need not be able to start.
      return lasting.of === 'spool' ? [END_APPLICATION] : [KILL_APPLICATION, END_APPLICATION];
    default:
      return [KILL_APPLICATION, KILL_APPLICATION, END_APPLICATION, KILL_COLLECTOR];
  }
}

function network(fault: Fault): Lasting {
  return { kind: 'network', fault };
}

/** What the fault proxy does for a fault that lies on the way; undefined for others. */
export function proxyFault(lasting: Lasting): Fault | undefined {
  switch (lasting.kind) {
    case 'network':
      return lasting.fault;
    case 'answer': {
      const { status, retryAfter } = lasting;
      const headers = retryAfter === undefined ? {} : { 'retry-after': retryAfter };
      return { kind: 'answer', text: httpAnswer(status, headers) };
    }
    case 'refuse-batches':
      return { kind: 'answer', text: httpAnswer(lasting.status) };
    default:
      return undefined;
  }
}

/** For people, in a line. */
export function describeFault(fault: Lasting | Sudden): string {
  const { kind, ...rest } = fault;
  const detail = Object.entries(rest).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  return [kind, ...detail].join(', ');
}
