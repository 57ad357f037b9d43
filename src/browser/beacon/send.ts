/**
 * The ways out, the surest first. `fetchLater` leaves the view with the browser, which sends it when the
 * page is gone, however it goes; a newer state of the view takes its place. Elsewhere a fetch that
 * outlives the page, and at last `sendBeacon`, which alone carries cookies along. Text, so that no
 * browser asks before it sends.
 */
interface FetchLaterResult {
  readonly activated: boolean;
}
type FetchLater = (url: string, init: RequestInit & { activateAfter?: number }) => FetchLaterResult;

export interface Deferred {
  /** Whether the browser has sent it. */
  readonly isSent: boolean;
  /** Takes it back, if it is not sent. */
  cancel(): void;
}

function request(body: string): RequestInit {
  return { method: 'POST', body, credentials: 'omit', keepalive: true, priority: 'low' };
}

/** Undefined where the browser cannot, or has no room left. `afterMs`: even if the page is still there. */
export function sendLater(url: string, body: string, afterMs?: number): Deferred | undefined {
  const { fetchLater } = globalThis as { fetchLater?: FetchLater };
  try {
    const abort = new AbortController();
    const result = fetchLater!(url, {
      ...request(body),
      signal: abort.signal,
      ...(afterMs === undefined ? {} : { activateAfter: afterMs }),
    });
    return {
      get isSent() {
        return result.activated;
      },
      cancel: () => abort.abort(),
    };
  } catch {
    return undefined;
  }
}

export function sendNow(url: string, body: string): void {
  try {
    // Refused by the page's policy, or offline: there is nobody to tell.
    fetch(url, request(body)).catch(() => {});
  } catch {
    navigator.sendBeacon(url, body);
  }
}
