/** A view as the body of a request. Pure. */
import { BEACON_BYTES_MAX, type BeaconView } from '../../shared/beacon-view.js';

/** Shortens the lists that have names in them until the whole fits. */
export function written(view: BeaconView): string {
  for (;;) {
    const text = JSON.stringify(view);
    const { calls, scripts } = view;
    const isShort = calls.length + scripts.length === 0;
    if (isShort || new TextEncoder().encode(text).length <= BEACON_BYTES_MAX) return text;
    const kept = [calls.length, scripts.length].map((length) => length >> 1) as [number, number];
    view.omitted += calls.length - kept[0] + scripts.length - kept[1];
    view.calls = calls.slice(0, kept[0]);
    view.scripts = scripts.slice(0, kept[1]);
  }
}
