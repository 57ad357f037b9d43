import { runInThisContext } from 'node:vm';
import { afterEach, describe, expect, it } from 'vitest';
import { offerStack } from '../../src/agent/own-stack.js';
import { type OwnStack, STACK_OFFER } from '../../src/shared/worker-protocol.js';

const BEAT = 7;
const descriptors = ['prepareStackTrace', 'stackTraceLimit'] as const;
const before = descriptors.map((name) => Object.getOwnPropertyDescriptor(Error, name));

afterEach(() => {
  descriptors.forEach((name, i) => {
    Reflect.deleteProperty(Error, name);
    if (before[i] !== undefined) Object.defineProperty(Error, name, before[i]);
  });
});

/** As the worker asks, from a function that it should find. */
function ask(beat: number): OwnStack {
  offerStack(() => BEAT);
  const offer = (globalThis as Record<symbol, unknown>)[Symbol.for(STACK_OFFER)];
  function asked(): string {
    return (offer as (beat: number) => string)(beat);
  }
  return JSON.parse(asked()) as OwnStack;
}

function names(stack: OwnStack): string[] {
  return stack.state === 'stack' ? stack.frames.map(([name]) => name) : [];
}

describe('the stack that the main thread offers', () => {
  it('begins with who asks, and has names and positions', () => {
    const stack = ask(BEAT);
    expect(names(stack).slice(0, 2)).toEqual(['asked', 'ask']);
    expect(stack).toHaveProperty(['frames', 0, 1], expect.stringContaining('own-stack.test'));
    expect(stack).toHaveProperty(['frames', 0, 2], expect.any(Number));
  });

  it('leaves out the code of the agent that was loaded late', () => {
    const filename = new URL('../../src/agent/late/a.js', import.meta.url).href;
    const late = runInThisContext('(function late(ask) { return ask(); })', { filename });
    const stack = late(() => ask(BEAT)) as OwnStack;
    expect(names(stack)).toContain('ask');
    expect(names(stack)).not.toContain('late');
  });

  it('is offered out of sight: the worker alone, which knows its name, comes upon it', () => {
    offerStack(() => BEAT);
    const key = Symbol.for(STACK_OFFER);
    expect(Object.getOwnPropertyDescriptor(globalThis, key)).toMatchObject({
      enumerable: false,
      writable: false,
      configurable: true,
    });
    const seen: PropertyKey[] = [
      ...Object.keys(globalThis),
      ...Object.getOwnPropertyNames(globalThis),
    ];
    for (const name in globalThis) seen.push(name);
    const copies = [{ ...globalThis }, Object.assign({}, globalThis)];
    for (const copy of copies) seen.push(...Reflect.ownKeys(copy));
    expect(seen).not.toContain(key);
    expect(seen.filter((name) => String(name).includes(STACK_OFFER))).toEqual([]);
    expect(Reflect.ownKeys(process)).not.toContain(key);
    // Nor can it be taken away by writing to it.
    expect(Reflect.set(globalThis, key, undefined)).toBe(false);
  });

  it('is not given when the thread has turned since', () => {
    expect(ask(BEAT - 1)).toEqual({ state: 'turned' });
  });

  it('neither calls nor changes what the application has put into Error', () => {
    let calls = 0;
    const own = (): string => {
      calls += 1;
      return 'own';
    };
    Object.defineProperty(Error, 'prepareStackTrace', {
      get: () => {
        calls += 1;
        return own;
      },
      set: () => {
        calls += 1;
      },
      configurable: true,
      enumerable: true,
    });
    Error.stackTraceLimit = 0;
    const had = descriptors.map((name) => Object.getOwnPropertyDescriptor(Error, name));
    expect(names(ask(BEAT))[0]).toBe('asked');
    expect(calls).toBe(0);
    expect(descriptors.map((name) => Object.getOwnPropertyDescriptor(Error, name))).toEqual(had);
  });

  it('leaves nothing where nothing was', () => {
    Reflect.deleteProperty(Error, 'prepareStackTrace');
    expect(names(ask(BEAT))[0]).toBe('asked');
    expect(Object.hasOwn(Error, 'prepareStackTrace')).toBe(false);
  });
});
