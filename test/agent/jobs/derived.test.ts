import { expect, it } from 'vitest';
import { derived } from '../../../src/agent/jobs/derived.js';

class Event {
  readonly #value: string;
  readonly topic: string = 'own';

  constructor(value: string) {
    this.#value = value;
  }

  get value(): string {
    return this.#value;
  }
}

it('a plain object keeps all its keys, which libraries copy one by one', () => {
  const options = Object.freeze({ queue: 'workers', max: 3, callback: 'theirs' });
  const result = derived(options, { callback: 'ours' });
  expect({ ...result }).toEqual({ queue: 'workers', max: 3, callback: 'ours' });
  expect(options.callback).toBe('theirs');
});

it('an object of a class keeps its class, its getters and its keys', () => {
  const event = new Event('secret');
  const result = derived(event, { headers: { a: 1 } });
  expect(result).toBeInstanceOf(Event);
  expect([result.value, result.topic]).toEqual(['secret', 'own']);
  expect(Object.keys(result)).toEqual(['topic', 'headers']);
  expect(Object.keys(event)).toEqual(['topic']);
});

it('a library may set what it was given, and the original stays as it was', () => {
  const event = new Event('first');
  const result = derived(event, {}) as { topic: string };
  result.topic = 'theirs';
  expect([result.topic, event.topic]).toEqual(['theirs', 'own']);
});
