import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { createHiddenNumber } from '../../src/agent/hidden-number.js';

it('an object has none until it is set, and then the last', () => {
  const hidden = createHiddenNumber();
  const object = {};
  expect(hidden.of(object)).toBeUndefined();
  hidden.set(object, 1);
  hidden.set(object, 2);
  expect(hidden.of(object)).toBe(2);
  expect(hidden.of({})).toBeUndefined();
});

it('one is apart from another', () => {
  const [one, other] = [createHiddenNumber(), createHiddenNumber()];
  const object = {};
  one.set(object, 1);
  expect(other.of(object)).toBeUndefined();
});

it.each([
  ['an object', {}],
  ['a function', () => {}],
  ['a proxy', new Proxy({}, {})],
])('%s that has one shows nothing of it', (_, object) => {
  const hidden = createHiddenNumber();
  const shown = inspect(object, { showHidden: true });
  const keys = Reflect.ownKeys(object);
  hidden.set(object, 7);
  expect(hidden.of(object)).toBe(7);
  expect(Reflect.ownKeys(object)).toEqual(keys);
  expect(inspect(object, { showHidden: true })).toBe(shown);
  expect(hidden.of({ ...object })).toBeUndefined();
  expect(hidden.of(Object.create(object))).toBeUndefined();
});
