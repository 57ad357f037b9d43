/**
 * Tells when an observable of RxJS answers for the first time: with a value, an error or its end. It
 * is made by the class of the observable itself, for the agent has no RxJS. Any application thread.
 */

/** What RxJS 7 takes for one. */
interface Subscriber {
  readonly closed: boolean;
  next(value: unknown): void;
  error(error: unknown): void;
  complete(): void;
  add(teardown: unknown): void;
  remove(teardown: unknown): void;
  unsubscribe(): void;
}
export interface Observable {
  subscribe(subscriber: Subscriber): unknown;
}
type ObservableConstructor = new (subscribe: (subscriber: Subscriber) => void) => unknown;

/** An observable like `answers`; what is none is given back as it is. `tell` must not throw. */
export function whenItAnswers(answers: unknown, tell: () => void): unknown {
  if (!isObservable(answers)) return answers;
  const { constructor: Class } = answers as unknown as { constructor: ObservableConstructor };
  return new Class((subscriber) => {
    answers.subscribe(new TellingSubscriber(subscriber, tell));
  });
}

/**
 * The subscriber itself to whatever it is given to, but that its first answer is told. RxJS subscribes with
 * an object like this as it is; of a plain observer it would make a second subscriber, which does not know
 * that the first has left: a source that answers while it is subscribed to, without end, would never stop.
 */
class TellingSubscriber implements Subscriber {
  readonly #subscriber: Subscriber;
  readonly #tell: () => void;
  #isTold = false;

  constructor(subscriber: Subscriber, tell: () => void) {
    this.#subscriber = subscriber;
    this.#tell = tell;
  }

  get closed(): boolean {
    return this.#subscriber.closed;
  }

  next(value: unknown): void {
    this.#first();
    this.#subscriber.next(value);
  }

  error(error: unknown): void {
    this.#first();
    this.#subscriber.error(error);
  }

  complete(): void {
    this.#first();
    this.#subscriber.complete();
  }

  add(teardown: unknown): void {
    // RxJS adds what subscribing gave back, which is this one, and takes no subscription into itself.
    if (teardown !== this) this.#subscriber.add(teardown);
  }

  remove(teardown: unknown): void {
    this.#subscriber.remove(teardown);
  }

  unsubscribe(): void {
    this.#subscriber.unsubscribe();
  }

  #first(): void {
    if (!this.#isTold) this.#tell();
    this.#isTold = true;
  }
}

/** Subjects and the like are more than what is subscribed to: they stay what they are. */
function isObservable(value: unknown): value is Observable {
  const { constructor: Class, subscribe } = (value ?? {}) as {
    constructor?: unknown;
    subscribe?: unknown;
  };
  return (
    typeof subscribe === 'function' && typeof Class === 'function' && Class.name === 'Observable'
  );
}
