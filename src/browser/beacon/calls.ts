/**
 * Calls of the page to servers: their times come from the browser, their methods from `fetch` and
 * `XMLHttpRequest`, which are replaced by themselves with a note of what they were asked. Nothing of a
 * call is changed or waited for.
 */
import { BEACON_CALLS_MAX, STATUS_UNTOLD } from '../../shared/beacon-view.js';
import { pathTemplate } from '../../shared/path-template.js';
import type { Observers } from './observers.js';
import { addBounded } from './page-view.js';
import { quietly } from './quietly.js';
import { serverWordOf } from './server-word.js';
import type { Views } from './views.js';

/** Calls under way whose method is known. */
const NOTES_MAX = 100;

type CallEntry = PerformanceResourceTiming & { readonly responseStatus?: number };

export function watchCalls(
  views: Views,
  observers: Observers,
  isOurs: (url: string) => boolean,
): void {
  const notes: (readonly [url: string, method: string])[] = [];
  noteMethods((url, method) => {
    notes.push([new URL(url, document.baseURI).href.replace(/#.*/, ''), method.toUpperCase()]);
    if (notes.length > NOTES_MAX) notes.shift();
  });
  observers.observe<CallEntry>('resource', (entry) => {
    // Browsers of before 2023 have none: without this each of their calls was one that failed.
    const { initiatorType, name, responseStatus = STATUS_UNTOLD, duration } = entry;
    if (!/^(?:fetch|xmlhttprequest)$/.test(initiatorType) || isOurs(name)) return;
    const at = notes.findIndex(([url]) => url === name);
    const method = at < 0 ? 'GET' : notes.splice(at, 1)[0]![1];
    const { origin, host, pathname } = new URL(name);
    const path = (origin === location.origin ? '' : host) + pathTemplate(pathname);
    const { trace, route } = serverWordOf(entry);
    const view = views.current;
    addBounded(
      view,
      view.calls,
      BEACON_CALLS_MAX,
      [method, path, responseStatus, Math.round(duration), trace, route],
      (call) => call[3],
    );
  });
}

function noteMethods(note: (url: string, method: string) => void): void {
  const { fetch } = globalThis;
  const noteFetch = quietly((input: RequestInfo | URL, init?: RequestInit) => {
    const isRequest = input instanceof Request;
    note(isRequest ? input.url : String(input), init?.method ?? (isRequest ? input.method : 'GET'));
  });
  globalThis.fetch = function (...args) {
    noteFetch(...args);
    return fetch.apply(this, args);
  };
  const { prototype } = XMLHttpRequest;
  const open = prototype.open as (...args: unknown[]) => void;
  const noteOpen = quietly((method: unknown, url: unknown) => note(String(url), String(method)));
  prototype.open = function (this: XMLHttpRequest, ...args: unknown[]) {
    noteOpen(args[0], args[1]);
    open.apply(this, args);
  };
}
