/**
 * When alerts are looked at and messages sent: a look every EVERY_MS, longer where looks are slow, and a pass of
 * the outbox after each and whenever something that waits becomes due. Owns one timer for each.
 */
import type { Evaluator } from './evaluator.js';
import type { Outbox } from './outbox.js';

export const EVERY_MS = 10_000;
/** A look takes at most one part in so many of the time. */
const SHARE = 10;
const EVERY_MS_MAX = 60_000;
const PASS_MS_MIN = 1000;

export interface AlertClockParts {
  readonly evaluator: Evaluator;
  readonly outbox: Outbox;
  readonly nowMs: () => number;
  readonly everyMs?: number;
  readonly log: (line: string) => void;
}

export interface AlertClock {
  /** Looks now, besides the rhythm; resolves when what came of it was sent or put off. */
  look(): Promise<void>;
  /** Waits for what is being sent. */
  close(): Promise<void>;
}

export function startAlertClock(parts: AlertClockParts): AlertClock {
  const { evaluator, outbox, nowMs, everyMs = EVERY_MS, log } = parts;
  let isClosed = false;
  let said: string | undefined;
  let pass: NodeJS.Timeout | undefined;
  let looking: Promise<void> = Promise.resolve();
  let sending: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;

  const judge = (): Promise<void> => {
    looking = looking.then(lookOnce);
    return looking;
  };
  const look = async (): Promise<void> => {
    await judge();
    await send();
  };
  async function lookOnce(): Promise<void> {
    if (isClosed) return;
    try {
      await evaluator.evaluate();
      said = undefined;
    } catch (error) {
      const { message } = error as Error;
      if (message !== said) log(`alerts: the look will be tried again: ${message}`);
      said = message;
    }
  }
  const send = (): Promise<void> => {
    sending = sendOnce();
    return sending;
  };
  async function sendOnce(): Promise<void> {
    if (isClosed) return;
    try {
      await outbox.deliver();
    } catch (error) {
      log(`alerts: messages will be sent again: ${(error as Error).message}`);
    }
    schedulePass();
  }
  function schedulePass(): void {
    clearTimeout(pass);
    const dueMs = isClosed ? undefined : outbox.nextMs();
    if (dueMs === undefined) return;
    const delayMs = Math.min(Math.max(PASS_MS_MIN, dueMs - nowMs()), EVERY_MS_MAX);
    pass = setTimeout(() => void send(), delayMs);
    pass.unref();
  }
  function schedule(delayMs: number): void {
    timer = setTimeout(async () => {
      const startMs = performance.now();
      await judge();
      if (isClosed) return;
      // A receiver that is slow must not keep the next look waiting.
      void send();
      const tookMs = performance.now() - startMs;
      schedule(Math.min(EVERY_MS_MAX, Math.max(everyMs, tookMs * SHARE)));
    }, delayMs);
    timer.unref();
  }
  schedule(everyMs);
  schedulePass();
  return {
    look,
    async close() {
      isClosed = true;
      clearTimeout(timer);
      clearTimeout(pass);
      await looking;
      await sending;
    },
  };
}
