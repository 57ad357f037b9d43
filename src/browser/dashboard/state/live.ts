/**
 * The live stream of kept traces: open while somebody looks at it and the page is neither paused nor
 * hidden. ROWS_MAX rows are kept, the newest first. When a connection breaks the browser comes back by itself
 * with the id of the last one; when it was refused, it is asked for anew after RETRY_MS.
 */
import { computed, effect, signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { urlOf } from '../api/api-client.js';
import { isHidden, isPaused } from './refresh.js';
import { param } from './url-state.js';

export interface LiveRequest {
  readonly timeMs: number;
  readonly service: string;
  readonly method: string;
  readonly route: string;
  readonly status: number | null;
  readonly duration: number;
  readonly queries: number;
  readonly reason: string;
  readonly traceId: string;
}

export interface LiveTick {
  readonly timeMs: number;
  readonly rate: number | null;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly errorRatio: number | null;
  readonly instances: number;
}

export type LiveState = 'off' | 'waiting' | 'live';

const ROWS_MAX = 100;
const RETRY_MS = 10_000;

export const liveRows = signal<readonly (LiveRequest & { readonly key: number })[]>([]);
export const liveTick = signal<LiveTick | undefined>(undefined);
export const liveState = signal<LiveState>('off');

let count = 0;

/** As a text: what else changes in the URL of the page, letter by letter, begins no stream anew. */
const wanted = computed(() =>
  urlOf('/v1/live', {
    service: param('service'),
    route: param('live.route'),
    min: param('live.min') === '' ? '' : `${param('live.min')}ms`,
  }),
);

/** Listens as long as the caller is on the screen; begins anew when what is wanted changes. */
export function useLive(): void {
  useEffect(() => effect(listen), []);
}

function listen(): (() => void) | undefined {
  const url = wanted.value;
  if (isPaused.value || isHidden.value) {
    liveState.value = 'off';
    return undefined;
  }
  // Those before may be of another service.
  liveRows.value = [];
  liveTick.value = undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const onRefused = (): void => {
    timer = setTimeout(() => {
      source = openStream(url, onRefused);
    }, RETRY_MS);
  };
  let source = openStream(url, onRefused);
  return () => {
    clearTimeout(timer);
    source.close();
  };
}

function openStream(url: string, onRefused: () => void): EventSource {
  const source = new EventSource(url);
  liveState.value = 'waiting';
  let isFirst = true;
  source.addEventListener('open', () => {
    // The newest come again to who has no id of the last one.
    if (isFirst) liveRows.value = [];
    isFirst = false;
    liveState.value = 'live';
  });
  source.addEventListener('error', () => {
    liveState.value = 'waiting';
    if (source.readyState === EventSource.CLOSED) onRefused();
  });
  source.addEventListener('request', (event) => {
    count += 1;
    const row = { ...(JSON.parse(event.data) as LiveRequest), key: count };
    liveRows.value = [row, ...liveRows.peek()].slice(0, ROWS_MAX);
  });
  source.addEventListener('tick', (event) => {
    liveTick.value = JSON.parse(event.data) as LiveTick;
  });
  return source;
}
