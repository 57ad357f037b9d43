/**
 * The collector's live stream, for commands: its events one after the other, however often the connection is lost.
 * Nothing is told twice, for the stream is taken up where it was left; of what came meanwhile the newest are told.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { type EventSourceMessage, EventSourceParserStream } from 'eventsource-parser/stream';
import { CollectorError, type Query, type StreamOpener } from './collector-client.js';

/** The collector sends something every 5 s: one that is silent for so long is gone, or held up. */
const SILENT_MS = 20_000;
const RETRY_MS = 3000;
/** An event is some 300 B. */
const EVENT_CHARACTERS_MAX = 1_000_000;

/** What a collector answers that is busy, or is just being started behind a proxy. */
const PASSING: readonly (number | undefined)[] = [undefined, 429, 502, 503, 504];

export interface LiveOptions {
  readonly open: StreamOpener;
  readonly query: Query;
  /** Why there is nothing at the moment: once for each time that the stream is lost. */
  readonly onLost: (error: CollectorError) => void;
  /** Ends the events. */
  readonly signal: AbortSignal;
}

/**
 * Does not end by itself. @throws {CollectorError} when nothing came yet and the collector cannot be asked, and when it
 * refuses later.
 */
export async function* liveEvents(options: LiveOptions): AsyncGenerator<EventSourceMessage> {
  const { signal, onLost } = options;
  let lastId: string | undefined;
  let hasBegun = false;
  let isLost = false;
  while (!signal.aborted) {
    try {
      for await (const event of eventsOf(options, lastId)) {
        hasBegun = true;
        isLost = false;
        lastId = event.id ?? lastId;
        yield event;
      }
    } catch (error) {
      if (signal.aborted) return;
      const isPassing = error instanceof CollectorError && PASSING.includes(error.status);
      if (!hasBegun || !isPassing) throw error;
      if (!isLost) onLost(error);
      isLost = true;
    }
    await delay(RETRY_MS, undefined, { signal }).catch(() => {});
  }
}

/** Of one connection. @throws {CollectorError} when there is none, and when it is lost. */
async function* eventsOf(
  { open, query, signal }: LiveOptions,
  lastId: string | undefined,
): AsyncGenerator<EventSourceMessage> {
  const silence = new AbortController();
  const timer = setTimeout(() => {
    silence.abort(new DOMException(`nothing came for ${SILENT_MS} ms`, 'TimeoutError'));
  }, SILENT_MS);
  try {
    const response = await open(query, AbortSignal.any([signal, silence.signal]), lastId);
    const type = response?.headers.get('content-type') ?? '';
    if (!response?.body || !type.startsWith('text/event-stream')) {
      throw new CollectorError('expected a collector with a live stream, got another program', 404);
    }
    const noticed = new TransformStream<Uint8Array, Uint8Array>({
      transform(bytes, controller) {
        timer.refresh();
        controller.enqueue(bytes);
      },
    });
    const events = response.body
      .pipeThrough(noticed)
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(new EventSourceParserStream({ maxBufferSize: EVENT_CHARACTERS_MAX }));
    yield* readAll(events);
  } finally {
    clearTimeout(timer);
    silence.abort();
  }
}

async function* readAll(
  events: ReadableStream<EventSourceMessage>,
): AsyncGenerator<EventSourceMessage> {
  const reader = events.getReader();
  for (;;) {
    const { done, value } = await reader.read().catch((cause: unknown) => {
      throw new CollectorError('the connection to the collector is lost', undefined, { cause });
    });
    if (done) throw new CollectorError('the collector has ended the connection');
    yield value;
  }
}
