import { setTimeout as sleep } from 'node:timers/promises';
import {
  concatMap,
  config,
  from,
  interval,
  mergeMap,
  Observable,
  of,
  Subject,
  take,
  tap,
} from 'rxjs';
import { afterEach, expect, it, vi } from 'vitest';
import { whenItAnswers } from '../../../src/agent/layers/when-it-answers.js';

/** More than anything here takes: a source that is asked on fails the test instead of hanging it. */
const VALUES_MAX = 1_000;

let asked = 0;
function* endless(): Generator<number> {
  for (asked = 1; asked < VALUES_MAX; asked += 1) yield asked;
}

function watched<Value>(source: Observable<Value>, tell: () => void = () => {}): Observable<Value> {
  return whenItAnswers(source, tell) as Observable<Value>;
}

/** What a subscriber hears of `source`, in order. */
function heard(source: Observable<unknown>): unknown[] {
  const all: unknown[] = [];
  source.subscribe({
    next: (value) => all.push(value),
    error: (error: Error) => all.push(error.message),
    complete: () => all.push('end'),
  });
  return all;
}

afterEach(() => {
  config.onUnhandledError = null;
});

it('a source without end that answers at once ends when enough is taken', () => {
  expect(heard(watched(from(endless())).pipe(take(2)))).toEqual([1, 2, 'end']);
  expect(asked).toBe(2);
});

it('a source without end ends behind several that watch it', () => {
  const inner = watched(from(endless()).pipe(mergeMap((value) => of(value))));
  expect(heard(watched(watched(inner)).pipe(take(1)))).toEqual([1, 'end']);
  expect(asked).toBe(1);
});

it('what a source does for each value it does for no more than are taken', () => {
  const done: number[] = [];
  const source = of(1, 2, 3).pipe(tap((value) => done.push(value)));
  expect(heard(watched(source).pipe(take(1)))).toEqual([1, 'end']);
  expect(done).toEqual([1]);
});

it('a source of the application sees that nobody listens any more', () => {
  const closed: boolean[] = [];
  const source = new Observable<number>((subscriber) => {
    closed.push(subscriber.closed);
    subscriber.next(1);
    closed.push(subscriber.closed);
  });
  expect(heard(watched(source).pipe(take(1)))).toEqual([1, 'end']);
  expect(closed).toEqual([false, true]);
});

it('a source that waits is left when its subscriber leaves, once', async () => {
  const left = vi.fn();
  const values: number[] = [];
  const source = new Observable<number>((subscriber) => {
    const timer = interval(2).subscribe(subscriber);
    return () => {
      timer.unsubscribe();
      left();
    };
  });
  const subscription = watched(source).subscribe((value) => values.push(value));
  await vi.waitFor(() => expect(values.length).toBeGreaterThan(0), { timeout: 20_000 });
  subscription.unsubscribe();
  const { length } = values;
  await sleep(20);
  expect(values).toHaveLength(length);
  expect(left).toHaveBeenCalledTimes(1);
});

it('a subject behind it keeps no subscriber that has left', () => {
  const subject = new Subject<number>();
  const subscription = watched(subject.pipe(concatMap((value) => of(value)))).subscribe();
  expect(subject.observed).toBe(true);
  subscription.unsubscribe();
  expect(subject.observed).toBe(false);
});

it('what a source adds and takes back is not called', () => {
  const [kept, removed] = [vi.fn(), vi.fn()];
  const source = new Observable<number>((subscriber) => {
    subscriber.add(kept);
    subscriber.add(removed);
    subscriber.remove(removed);
  });
  watched(source).subscribe().unsubscribe();
  expect(kept).toHaveBeenCalledTimes(1);
  expect(removed).not.toHaveBeenCalled();
});

it('an error that a subscriber throws is reported as without it, and ends nothing', async () => {
  const reported: unknown[] = [];
  config.onUnhandledError = (error) => reported.push(error);
  const values: number[] = [];
  watched(of(1, 2)).subscribe((value) => {
    values.push(value);
    if (value === 1) throw new Error('of the subscriber');
  });
  await sleep(5);
  expect(values).toEqual([1, 2]);
  expect(reported).toEqual([new Error('of the subscriber')]);
});

it('an error of the source, or thrown while it is subscribed to, is passed on', () => {
  const thrown = new Observable(() => {
    throw new Error('thrown');
  });
  const failing = new Observable((subscriber) => subscriber.error(new Error('failed')));
  expect(heard(watched(thrown))).toEqual(['thrown']);
  expect(heard(watched(failing))).toEqual(['failed']);
});

it.each([
  ['value', of(1, 2)],
  ['end', of()],
  ['error', new Observable((subscriber) => subscriber.error(new Error('failed')))],
])('tells once for each subscriber, with the first %s', (_, source) => {
  const tell = vi.fn();
  const answers = watched(source as Observable<unknown>, tell);
  expect(tell).not.toHaveBeenCalled();
  heard(answers);
  expect(tell).toHaveBeenCalledTimes(1);
  heard(answers);
  expect(tell).toHaveBeenCalledTimes(2);
});

it.each([
  ['a subject', new Subject()],
  ['a promise', Promise.resolve(1)],
  ['nothing', undefined],
])('%s is given back as it is', (_, answer) => {
  expect(whenItAnswers(answer, () => {})).toBe(answer);
});
