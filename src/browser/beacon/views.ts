/**
 * The page view that is open, and when it is told. A view is told once: when the page is gone, or was out
 * of sight for a minute, or when another view took its place. What happens in a page that is shown again
 * after that follows as `isMore`, so that views and vitals are counted once. What happens out of sight is
 * nobody's experience and not told.
 */
import type { BeaconView, NavigationType } from '../../shared/beacon-view.js';
import { whenLoaded } from './page-load.js';
import { hasContent, moreOf, newView, type ServerWord } from './page-view.js';
import { quietly } from './quietly.js';
import { type Deferred, sendLater, sendNow } from './send.js';
import { written } from './written.js';

/** A page in the background may be open for days. */
const HIDDEN_MS = 60_000;
/** How often a view in sight is left with the browser anew, should the page crash. */
const REFRESH_MS = 10_000;
/** web-vitals finishes the vitals of a view that a soft navigation ended some tasks later. */
const CLOSE_MS = 1000;

export class Views {
  readonly #endpoint: string;
  /** Brings the open view up to date before it is written down. */
  readonly #complete: () => void;
  #open: BeaconView;
  /** What the open view was left with the browser as. */
  #deferred: Deferred | undefined;
  /** Takes what is not told. */
  #away: BeaconView | undefined;
  /** The page may come back as another view, before the browser has sent this one. */
  #isKept = false;
  #finishClosing: () => void = () => {};

  constructor(endpoint: string, complete: () => void, type: NavigationType, word: ServerWord) {
    this.#endpoint = endpoint;
    this.#complete = quietly(complete);
    this.#open = newView(type, location.pathname, word);
  }

  /** Where values go. */
  get current(): BeaconView {
    return this.#away ?? this.#open;
  }

  /** To be called after web-vitals has its own listeners: what they finish is then in the view. */
  listen(): void {
    const on = (event: string, call: (event: Event) => void): void =>
      addEventListener(event, quietly(call), true);
    on('visibilitychange', () => {
      if (document.visibilityState === 'hidden') queueMicrotask(quietly(() => this.#leave()));
      else this.#return();
    });
    on('pagehide', (event) => {
      this.#isKept = (event as PageTransitionEvent).persisted;
      // Of a page in sight `visibilitychange` follows, in which web-vitals finishes what it knows.
      if (document.visibilityState === 'hidden') this.#leave();
      if (this.#away !== undefined && this.#isKept) this.#tellNow();
    });
    whenLoaded(() => this.#refresh());
    setInterval(
      quietly(() => this.#refresh()),
      REFRESH_MS,
    );
  }

  /** Another view begins; the one before is told once its vitals are final. */
  begin(type: NavigationType, path: string): BeaconView {
    this.#finishClosing();
    this.#return();
    this.#complete();
    const [ended, deferred] = [this.#open, this.#deferred];
    this.#open = newView(type, path);
    this.#deferred = undefined;
    // A page that was kept and comes back was told when it left.
    if (type === 'back-forward-cache') return this.#open;
    const timer = setTimeout(() => this.#finishClosing(), CLOSE_MS);
    this.#finishClosing = quietly(() => {
      this.#finishClosing = () => {};
      clearTimeout(timer);
      deferred?.cancel();
      sendNow(this.#endpoint, written(ended));
    });
    return this.#open;
  }

  #leave(): void {
    if (this.#away !== undefined) return;
    this.#finishClosing();
    this.#complete();
    this.#away = moreOf(this.#open);
    if (hasContent(this.#open)) this.#tell();
  }

  #return(): void {
    if (this.#away === undefined) return;
    this.#away = undefined;
    if (this.#deferred === undefined || this.#deferred.isSent) this.#open = moreOf(this.#open);
    else this.#deferred.cancel();
    this.#deferred = undefined;
  }

  #refresh(): void {
    if (this.#away !== undefined || this.#open.isMore) return;
    this.#complete();
    this.#deferred?.cancel();
    this.#deferred = sendLater(this.#endpoint, written(this.#open));
  }

  #tell(): void {
    const text = written(this.#open);
    this.#deferred?.cancel();
    this.#deferred = this.#isKept ? undefined : sendLater(this.#endpoint, text, HIDDEN_MS);
    if (this.#deferred === undefined) sendNow(this.#endpoint, text);
  }

  #tellNow(): void {
    if (this.#deferred === undefined || this.#deferred.isSent) return;
    this.#deferred.cancel();
    this.#deferred = undefined;
    sendNow(this.#endpoint, written(this.#open));
  }
}
