/**
 * Cuts off what waits for a server once whoever asked waits no more. Owns a listener of the signal until it is told to
 * stop: a signal lasts longer than a connection does.
 */
export function onAbort(signal: AbortSignal | undefined, cut: () => void): () => void {
  if (signal?.aborted === true) cut();
  signal?.addEventListener('abort', cut, { once: true });
  return () => signal?.removeEventListener('abort', cut);
}
