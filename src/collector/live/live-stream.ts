/**
 * One listener's stream of server-sent events. Runs on the collector's main thread. What a listener has
 * not taken is bounded: past WAITING_MAX pieces a request is left out and counted, and the next that
 * fits says how many there were.
 */

import type { LiveBus, LiveItem } from './live-bus.js';
import { isWanted, type LiveFilter } from './live-event.js';
import type { LiveTick } from './live-tick.js';

export interface LiveStreamOptions {
  readonly live: LiveBus;
  readonly filter: LiveFilter;
  /** Of the browser that comes back; the newest are sent to one that has none. */
  readonly lastId: string | undefined;
  readonly tick: () => Promise<LiveTick>;
  readonly tickMs: number;
}

/** Some 20 kB. */
const WAITING_MAX = 100;
const FIRST_MAX = 50;
/** Browsers wait this long before they come back. */
const RETRY_MS = 3000;

/** Undefined when as many listen as may. */
export function liveStream(options: LiveStreamOptions): ReadableStream<Uint8Array> | undefined {
  const { live, filter, lastId, tickMs } = options;
  const encoder = new TextEncoder();
  let controller: ReadableStreamDefaultController<Uint8Array>;
  let omitted = 0;
  let isAsking = false;

  const send = (text: string): void => controller.enqueue(encoder.encode(text));
  const isFull = (): boolean => (controller.desiredSize ?? 0) <= 0;

  function sendItem({ id, request }: LiveItem): void {
    if (!isWanted(request, filter)) return;
    if (isFull()) {
      omitted += 1;
      return;
    }
    const data = omitted === 0 ? request : { ...request, omitted };
    omitted = 0;
    send(`id: ${id}\nevent: request\ndata: ${JSON.stringify(data)}\n\n`);
  }

  async function sendTick(): Promise<void> {
    // A tick is the heartbeat as well; one that cannot be asked for leaves a comment.
    if (isAsking || isFull()) return;
    isAsking = true;
    const text = await options
      .tick()
      .then((tick) => `event: tick\ndata: ${JSON.stringify(tick)}\n\n`)
      .catch(() => ': no tick\n\n');
    isAsking = false;
    if (!isOver) send(text);
  }

  let isOver = false;
  function end(): void {
    isOver = true;
    clearInterval(timer);
    stop?.();
  }
  let timer: NodeJS.Timeout | undefined;
  const stop = live.listen({
    onItem: sendItem,
    onEnd: () => {
      end();
      controller.close();
    },
  });
  if (stop === undefined) return undefined;
  return new ReadableStream(
    {
      start(own) {
        controller = own;
        send(`retry: ${RETRY_MS}\n\n`);
        // Of the wanted ones the newest: of all of them the newest may be none that is wanted.
        const wanted = live.since(lastId).filter(({ request }) => isWanted(request, filter));
        for (const item of wanted.slice(-FIRST_MAX)) sendItem(item);
        void sendTick();
        timer = setInterval(() => void sendTick(), tickMs);
      },
      cancel: end,
    },
    new CountQueuingStrategy({ highWaterMark: WAITING_MAX }),
  );
}
