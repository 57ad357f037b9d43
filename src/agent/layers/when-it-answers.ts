/**
 * Tells when an observable of RxJS answers for the first time: with a value, an error or its end. It
 * is made by the class of the observable itself, for the agent has no RxJS. Any application thread.
 */

interface Observer {
  next(value: unknown): void;
  error(error: unknown): void;
  complete(): void;
}
export interface Observable {
  subscribe(observer: Observer): unknown;
}
type ObservableConstructor = new (subscribe: (subscriber: Observer) => unknown) => unknown;

/** An observable like `answers`; what is none is given back as it is. `tell` must not throw. */
export function whenItAnswers(answers: unknown, tell: () => void): unknown {
  if (!isObservable(answers)) return answers;
  const { constructor: Class } = answers as unknown as { constructor: ObservableConstructor };
  return new Class((subscriber) => {
    let isTold = false;
    const first = (): void => {
      if (!isTold) tell();
      isTold = true;
    };
    return answers.subscribe({
      next(value) {
        first();
        subscriber.next(value);
      },
      error(error) {
        first();
        subscriber.error(error);
      },
      complete() {
        first();
        subscriber.complete();
      },
    });
  });
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
